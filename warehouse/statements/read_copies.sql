select
    copies.article_id,
    articles.url,
    articles.outlet,
    articles.title,
    articles.published_at,
    copies.source_id,
    sources.url as source_url,
    sources.outlet as source_outlet,
    sources.title as source_title,
    sources.published_at as source_published_at,
    copies.containment,
    copies.source_containment,
    copies.shared_words,
    copies.longest_run_words,
    copies.kind,
    copies.direction,
    copies.common_agency
from copies
inner join articles on copies.article_id = articles.article_id
inner join articles as sources on copies.source_id = sources.article_id
where
    $article_id is null
    or copies.article_id = $article_id
    or copies.source_id = $article_id
order by
    copies.containment desc,
    copies.shared_words desc,
    articles.url,
    sources.url;
