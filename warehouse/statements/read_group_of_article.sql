select
    members.group_id,
    members.article_id,
    articles.url,
    members.role,
    members.agency
from wire_groups
inner join wire_groups as members on wire_groups.group_id = members.group_id
inner join articles on members.article_id = articles.article_id
where wire_groups.article_id = $article_id
order by
    members.role desc,
    articles.url;
