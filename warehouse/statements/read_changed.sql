-- Places of the articles of this load that got a new version; the earliest first.

select place
from new_articles
order by
    published_latest nulls last,
    article_id;
