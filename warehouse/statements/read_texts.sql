select
    article_id,
    text
from articles
-- by the places of its rows: a join reads the texts of all, matched or not
where
    rowid in (
        select articles.rowid
        from articles
        where articles.article_id in (select unnest($article_ids::varchar[]))
    );
