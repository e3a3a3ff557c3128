select
    fingerprint,
    text_number
from read_parquet($files)
where block = $block
order by
    text_number,
    fingerprint
