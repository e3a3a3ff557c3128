-- An article's paragraphs, joined, aren't its text, or a paragraph's start_char is wrong.

-- digests, not texts, are gathered: those of a large load would fill the memory
with pieces as (
    select
        article_id,
        position,
        start_char,
        length(text) as chars,
        hash(if(start_char > 0, chr(10) || chr(10), '') || text) as digest
    from new_paragraphs
),

gathered as (
    select
        article_id,
        list({first_char: start_char, chars: chars, digest: digest} order by position) as pieces
    from pieces
    group by article_id
),

places as (
    select
        article_id,
        start_char,
        coalesce(
            sum(chars + 2) over (
                partition by article_id
                order by position
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as start_in_text
    from pieces
)

select new_articles.article_id as offender
from new_articles
left join gathered using (article_id)
where
    length(new_articles.text) <> coalesce(gathered.pieces[-1].first_char + gathered.pieces[-1].chars, 0)
    or not coalesce(
        list_bool_and(
            list_transform(
                gathered.pieces,
                -- with the line breaks in front of it
                lambda piece: piece.digest = hash(
                    substr(
                        new_articles.text,
                        greatest(piece.first_char - 1, 1),
                        piece.chars + least(piece.first_char, 2)
                    )
                )
            )
        ),
        true
    )
union
select article_id as offender
from places
where
    start_char <> start_in_text
    and article_id in (select new_articles.article_id from new_articles);
