-- Places of the articles that the index lacks, or has as of another version or method; the earliest first.

select articles.rowid as place
from articles
anti join internal.indexed_articles as indexed
    on
        articles.article_id = indexed.article_id
        and articles.version = indexed.version
        and indexed.method = $method
order by
    articles.published_latest nulls last,
    articles.article_id;
