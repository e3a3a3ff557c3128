-- Articles of this load that got a new version; the earliest first.

select articles.article_id
from articles
semi join changed_articles using (article_id)
order by
    articles.published_latest nulls last,
    articles.article_id;
