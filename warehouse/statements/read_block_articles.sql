select
    article_id,
    outlet,
    text,
    paragraph_starts,
    published_earliest,
    published_latest,
    agencies
from read_parquet($files)
where article_id in (select article_id from wanted)
