-- The index of the copy finder holds an article that isn't there, or an older version of one.

select indexed.article_id as offender
from internal.indexed_articles as indexed
inner join checked_articles using (article_id)
anti join articles
    on
        indexed.article_id = articles.article_id
        and indexed.version = articles.version;
