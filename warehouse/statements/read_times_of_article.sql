select
    signal,
    value_raw,
    "value",
    "precision",
    zone
from time_signals
where article_id = $article_id
order by ordinal;
