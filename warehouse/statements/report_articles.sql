-- A story's articles, and those of other stories that share text with them, the earliest first.

with of_story as (
    select article_id
    from story_articles
    where story = $story
),

partners as (
    select article_id
    from copies
    where source_id in (select of_story.article_id from of_story)
    union
    select source_id
    from copies
    where article_id in (select of_story.article_id from of_story)
)

select
    articles.article_id,
    articles.url,
    articles.outlet,
    articles.title,
    articles.byline_raw,
    articles.agencies,
    articles.publishing_agency,
    articles.published_at,
    articles.published_precision,
    articles.published_source,
    articles.published_earliest,
    articles.published_latest,
    articles.language,
    articles.text,
    articles.word_count,
    articles.is_paywalled,
    articles.version,
    articles.fetched_at,
    wire_groups.group_id,
    coalesce(wire_groups.role = 'copy', false) as is_copy,
    wire_groups.agency as group_agency,
    archived.archive_file,
    archived.archive_offset,
    articles.article_id in (select of_story.article_id from of_story) as is_of_story
from articles
left join wire_groups using (article_id)
left join article_versions as archived
    on
        articles.article_id = archived.article_id
        and articles.version = archived.version
where
    articles.article_id in (select of_story.article_id from of_story)
    or articles.article_id in (select partners.article_id from partners)
order by
    articles.published_earliest nulls last,
    articles.published_latest,
    articles.url;
