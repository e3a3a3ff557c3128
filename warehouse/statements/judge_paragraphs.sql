-- Whether each paragraph of a touched article is the article's own; see the comment on paragraphs.is_original.
-- Shared quotes (copies of kind quote) prove nothing about who wrote the rest, so they don't count.

create temp table judged_paragraphs as
with pairs as (
    select
        copies.article_id,
        copies.source_id,
        copies.direction = 'source_first' as is_proven,
        -- both ran the agency's text: nobody's own but the agency's
        copies.common_agency is not null as is_agency_text,
        later.publishing_agency is not null
        and later.publishing_agency is not distinct from copies.common_agency as is_by_agency,
        source.publishing_agency is not null as is_source_by_agency
    from copies
    inner join known_articles as later on copies.article_id = later.article_id
    inner join known_articles as source on copies.source_id = source.article_id
    where
        copies.kind <> 'quote'
        and (
            copies.article_id in (select touched_articles.article_id from touched_articles)
            or copies.source_id in (select touched_articles.article_id from touched_articles)
        )
),

-- an unproven pair speaks about both of its sides; an agency is taken to be the author of what it publishes
reused as (
    select
        reused_passages.article_id,
        reused_passages.start_char,
        reused_passages.end_char,
        pairs.is_proven or pairs.is_agency_text as is_proven
    from reused_passages
    inner join pairs using (article_id, source_id)
    where not pairs.is_by_agency
    union all
    select
        reused_passages.source_id,
        reused_passages.source_start_char,
        reused_passages.source_end_char,
        pairs.is_agency_text as is_proven
    from reused_passages
    inner join pairs using (article_id, source_id)
    where
        (pairs.is_agency_text or not pairs.is_proven)
        and not pairs.is_source_by_agency
),

-- those that are about to be inserted, and those that are there
present as (
    select
        article_id,
        position,
        start_char
    from staged_paragraphs
    union all
    select
        article_id,
        position,
        start_char
    from paragraphs
    where rowid in (select touched_rows.place from touched_rows)
),

-- measured first: a join would carry the text beside each of its paragraphs
touched_texts as materialized (
    select
        article_id,
        length(text) as chars
    from known_articles
    semi join touched_articles using (article_id)
),

-- a paragraph ends two characters before the next one begins, the last one with the article: to read the compressed
-- texts of paragraphs scattered over the table would take longer than all the rest
touched_paragraphs as materialized (
    select
        present.article_id,
        present.position,
        present.start_char,
        lead(present.start_char - 2, 1, touched_texts.chars) over (
            partition by present.article_id
            order by present.position
        ) as end_char
    from present
    inner join touched_texts using (article_id)
),

-- the part of each passage that lies in the paragraph, once as proven and once as of any kind
pieces as (
    select
        touched_paragraphs.article_id,
        touched_paragraphs.position,
        unnest(if(reused.is_proven, [true, false], [false])) as is_proven,
        greatest(touched_paragraphs.start_char, reused.start_char) as piece_start,
        least(touched_paragraphs.end_char, reused.end_char) as piece_end
    from touched_paragraphs
    inner join reused
        on
            touched_paragraphs.article_id = reused.article_id
            and touched_paragraphs.start_char < reused.end_char
            and touched_paragraphs.end_char > reused.start_char
),

-- passages from several sources overlap; what an earlier piece covers isn't counted again
pieces_in_order as (
    select
        article_id,
        position,
        is_proven,
        piece_start,
        piece_end,
        max(piece_end) over (
            partition by
                article_id,
                position,
                is_proven
            order by
                piece_start,
                piece_end
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from pieces
),

covered as (
    select
        article_id,
        position,
        sum(greatest(piece_end - greatest(piece_start, coalesce(covered_until, piece_start)), 0))
            filter (where is_proven) as proven_chars,
        sum(greatest(piece_end - greatest(piece_start, coalesce(covered_until, piece_start)), 0))
            filter (where not is_proven) as any_chars
    from pieces_in_order
    group by
        article_id,
        position
)

select
    touched_paragraphs.article_id,
    touched_paragraphs.position,
    case
        when 2 * covered.proven_chars >= touched_paragraphs.end_char - touched_paragraphs.start_char then false
        when 2 * covered.any_chars >= touched_paragraphs.end_char - touched_paragraphs.start_char then null
        else true
    end as is_original
from touched_paragraphs
left join covered using (article_id, position);

create temp table rejudged_rows as
select
    touched_rows.place,
    judged_paragraphs.is_original
from touched_rows
inner join judged_paragraphs using (article_id, position);

update paragraphs
set is_original = rejudged_rows.is_original
from rejudged_rows
where
    paragraphs.rowid = rejudged_rows.place
    and paragraphs.is_original is distinct from rejudged_rows.is_original;
