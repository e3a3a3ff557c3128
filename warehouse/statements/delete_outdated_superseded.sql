-- Fingerprints of versions that are gone, are the newest, or were made by another method.

delete from internal.superseded_fingerprints as superseded
where
    superseded.method <> $method
    or not exists (
        select 1
        from article_versions
        where
            article_versions.article_id = superseded.article_id
            and article_versions.version = superseded.version
    )
    or exists (
        select 1
        from articles
        where
            articles.article_id = superseded.article_id
            and articles.version = superseded.version
    );
