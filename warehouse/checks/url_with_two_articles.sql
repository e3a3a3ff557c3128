-- Two articles are filed under one URL.

select articles.url as offender
from articles
where articles.url in (select new_articles.url from new_articles)
group by articles.url
having count(*) > 1;
