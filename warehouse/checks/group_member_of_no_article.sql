-- A row of wire_groups belongs to an article that isn't there.

select new_members.article_id as offender
from new_members
anti join known_articles using (article_id);
