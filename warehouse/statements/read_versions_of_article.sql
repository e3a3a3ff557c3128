select
    article_id,
    version,
    url,
    title,
    published_at,
    published_source,
    word_count,
    fetched_at,
    run_id,
    rules_version,
    archive_file,
    archive_offset
from article_versions
where article_id = $article_id
order by version;
