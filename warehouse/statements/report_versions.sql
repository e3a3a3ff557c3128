-- All versions of a story's articles of which more than one was seen.

select
    article_versions.article_id,
    article_versions.version,
    article_versions.title,
    article_versions.text,
    article_versions.modified_at,
    article_versions.fetched_at,
    article_versions.archive_file,
    article_versions.archive_offset
from article_versions
inner join story_articles using (article_id)
where story_articles.story = $story
qualify count(*) over (partition by article_versions.article_id) > 1
order by
    article_versions.article_id,
    article_versions.version;
