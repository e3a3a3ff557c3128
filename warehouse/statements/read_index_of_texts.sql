select
    articles.article_id,
    articles.text,
    indexed.digest,
    indexed.fingerprints
from articles
left join internal.indexed_articles as indexed using (article_id)
where articles.article_id in (select unnest($article_ids::varchar[]));
