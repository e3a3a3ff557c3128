-- Some articles that read differently. Their ids are hashes, so that the first few are drawn fairly, and always the same.

select
    articles.url,
    was.title as title_before,
    articles.title as title_after,
    was.text as text_before,
    articles.text as text_after
from articles
inner join older.main.articles as was using (article_id)
where
    was.text <> articles.text
    or was.title is distinct from articles.title
order by articles.article_id
limit $limit;
