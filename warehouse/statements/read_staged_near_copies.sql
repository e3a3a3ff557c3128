-- Pairs of near-identical articles that workers have staged.

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
    common_agency,
    evidence,
    confidence
from read_parquet($files)
where jaccard >= $least_jaccard
order by
    article_id,
    source_id
