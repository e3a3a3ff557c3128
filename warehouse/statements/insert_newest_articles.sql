-- The newest staged version of each changed article.

insert into articles (
    article_id,
    url,
    canonical_url,
    outlet,
    outlet_name,
    title,
    subtitle,
    byline_raw,
    authors,
    agencies,
    publishing_agency,
    published_at,
    published_raw,
    published_precision,
    published_source,
    published_zone,
    published_earliest,
    published_latest,
    modified_at,
    language,
    text,
    word_count,
    section,
    tags,
    image_url,
    is_paywalled,
    is_live_blog,
    version,
    first_seen_at,
    fetched_at,
    content_hash
)
-- told by their numbers before their texts are read
with newest as (
    select
        article_id,
        max(version) as version
    from staged_article_versions
    group by article_id
)

select
    article_id,
    url,
    canonical_url,
    outlet,
    outlet_name,
    title,
    subtitle,
    byline_raw,
    authors,
    agencies,
    publishing_agency,
    published_at,
    published_raw,
    published_precision,
    published_source,
    published_zone,
    published_earliest,
    published_latest,
    modified_at,
    language,
    text,
    word_count,
    section,
    tags,
    image_url,
    is_paywalled,
    is_live_blog,
    version,
    first_seen_at,
    fetched_at,
    content_hash
from staged_article_versions
semi join newest using (article_id, version);
