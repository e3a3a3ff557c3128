-- A row of wire_groups belongs to an article that isn't there.

select wire_groups.article_id as offender
from wire_groups
inner join checked_articles using (article_id)
anti join articles using (article_id);
