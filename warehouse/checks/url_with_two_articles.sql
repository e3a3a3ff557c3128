-- Two articles are filed under one URL.

select articles.url as offender
from articles
where articles.url in (
    select filed.url
    from articles as filed
    inner join checked_articles using (article_id)
)
group by articles.url
having count(*) > 1;
