select articles.url
from articles
left join older.main.articles as was using (article_id)
where
    was.article_id is null
    or was.text <> articles.text
    or was.title is distinct from articles.title
order by articles.url;
