select
    signal,
    value_raw,
    "value",
    confidence
from credit_signals
where article_id = $article_id
order by ordinal;
