-- Stored pairs of near-identical articles among the given ones.

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
    coalesce(evidence, []) as evidence,
    coalesce(confidence, 0.5) as confidence
from copies
where
    jaccard >= $least_jaccard
    and article_id in (select unnest($article_ids::varchar[]))
    and source_id in (select unnest($article_ids::varchar[]));
