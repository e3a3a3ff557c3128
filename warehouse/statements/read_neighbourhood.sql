select
    text_number,
    article_id,
    outlet,
    published_latest,
    digest,
    size,
    look_back_days,
    is_changed
from read_parquet($files)
where
    text_number % $blocks = $block
    or text_number in (select text_number from wanted)
