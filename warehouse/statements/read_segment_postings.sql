select
    number,
    unnest(fingerprints) as fingerprint
from internal.indexed_articles
where number between $first and $last;
