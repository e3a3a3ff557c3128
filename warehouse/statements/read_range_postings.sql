select
    fingerprint,
    text_number
from read_parquet($files)
where
    fingerprint >= $first
    and fingerprint < $beyond
