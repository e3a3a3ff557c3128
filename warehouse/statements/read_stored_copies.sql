-- Every pair that shares text, as the copy finder stated it.

select
    article_id,
    source_id,
    containment,
    source_containment,
    jaccard,
    shared_words,
    longest_run_words,
    kind,
    direction,
    common_agency
from copies
order by
    article_id,
    source_id
