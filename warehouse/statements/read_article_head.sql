select
    articles.article_id,
    articles.url,
    articles.outlet,
    articles.outlet_name,
    articles.title,
    articles.subtitle,
    articles.byline_raw,
    articles.authors,
    articles.agencies,
    articles.publishing_agency,
    articles.published_at,
    articles.published_precision,
    articles.published_source,
    articles.published_earliest,
    articles.published_latest,
    articles.language,
    articles.word_count,
    articles.version,
    articles.is_paywalled,
    articles.first_seen_at
from articles
where articles.article_id = $article_id;
