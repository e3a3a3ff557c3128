-- What the index holds of articles that are gone, have another version, or were indexed by another method.

delete from internal.indexed_articles as indexed
where
    indexed.method <> $method
    or not exists (
        select 1
        from articles
        where
            articles.article_id = indexed.article_id
            and articles.version = indexed.version
    );
