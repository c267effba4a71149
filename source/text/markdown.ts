import {Lexer, type MarkedToken, type Token, type Tokens} from 'marked';
import {cleaned} from './cleaner.js';
import {spansOf} from './markdown-inline.js';
import {tableLines} from './markdown-table.js';
import {plainLines, wrappedSpans, type Line} from './spans.js';

/**
Beyond these the lexer would take seconds, since its time is not linear in all of them: characters of a text, lines times characters of a stretch without an empty line, lines that may divide a table, cells, and characters in a paragraph that may begin or end something. They are far above what models write.
*/
const most = {
	characters: 100_000,
	stretch: 50_000_000,
	dividers: 200,
	cells: 100_000,
	delimiters: 300,
} as const;

const divider = /^[ >]*[|:-][|: -]*$/gm;
const delimiter = /[*_~`[\]<()@:!&\\]/g;

/**
Fifty markers of quotes and lists in a row.
*/
const abyss = /^ *(?:> *|(?:[*+-]|\d{1,9}[.)]) +){50}/m;

/**
Below this many columns text is not moved to the right any further.
*/
const leastRoom = 8;

/**
Markdown as lines of at most `width` columns, at least 2. Code is moved to the right by two columns and not decorated, so that it can be selected; HTML is shown as it is written. A text that is too long, too deep or too tangled is shown as it is.
*/
export function markdownLines(text: string, width: number): Line[] {
	const clean = cleaned(text).replace(/^\n+/, '').trimEnd();

	if (isTangled(clean)) {
		return plainLines(clean, width);
	}

	try {
		return blockLines(lexed(clean), width);
	} catch {
		// The lexer throws on what it cannot read, and whatever nests may nest too deep.
		return plainLines(clean, width);
	}
}

function isTangled(text: string): boolean {
	if (text.length > most.characters || abyss.test(text)) {
		return true;
	}

	const dividers = text.match(divider) ?? [];
	const columns = dividers.map(line => line.split('|').length);

	return (
		dividers.length > most.dividers ||
		Math.max(0, ...columns) * text.split('\n').length > most.cells ||
		text
			.split(/\n *\n/)
			.some(each => each.length * each.split('\n').length > most.stretch)
	);
}

/**
What `Lexer.lex` does, but for paragraphs with too many delimiters, which stay as they are.
*/
function lexed(text: string): Token[] {
	const lexer = new Lexer();
	lexer.blockTokens(text, lexer.tokens);

	for (const {src, tokens} of lexer.inlineQueue) {
		if ((src.match(delimiter)?.length ?? 0) > most.delimiters) {
			tokens.push({type: 'text', raw: src, text: src});
		} else {
			lexer.inlineTokens(src, tokens);
		}
	}

	return lexer.tokens;
}

function blockLines(
	tokens: readonly Token[],
	width: number,
	between: readonly Line[] = [[]],
): Line[] {
	return tokens
		.map(token => linesOf(token as MarkedToken, width))
		.filter(lines => lines.length > 0)
		.flatMap((lines, index) => (index === 0 ? lines : [...between, ...lines]));
}

function linesOf(token: MarkedToken, width: number): Line[] {
	switch (token.type) {
		case 'heading': {
			return wrappedSpans(spansOf(token.tokens, 'heading'), width);
		}

		case 'paragraph':
		case 'text': {
			return wrappedSpans(spansOf(token.tokens ?? [token], 'plain'), width);
		}

		case 'code': {
			return hanging('  ', '  ', width, room =>
				wrappedSpans([{text: token.text, mark: 'code'}], room),
			);
		}

		case 'blockquote': {
			return hanging('> ', '> ', width, room => blockLines(token.tokens, room));
		}

		case 'list': {
			return listLines(token, width);
		}

		case 'table': {
			return tableLines(token, width);
		}

		case 'hr': {
			return [[{text: '─'.repeat(width), mark: 'quiet'}]];
		}

		case 'space':
		case 'checkbox': {
			return [];
		}

		// Also the addresses of links, which may be the sources of an answer.
		default: {
			return plainLines(token.raw.trim(), width);
		}
	}
}

function listLines(
	{ordered, start, items, loose}: Tokens.List,
	width: number,
): Line[] {
	const first = Number(start);
	const digits = String(first + items.length - 1).length;

	return items.flatMap((item, index) => {
		const box = item.task ? `[${item.checked ? 'x' : ' '}] ` : '';
		const bullet = ordered
			? `${String(first + index).padStart(digits)}. `
			: item.task
				? ''
				: '- ';
		const marker = `${bullet}${box}`;
		const between: Line[] = loose ? [[]] : [];
		const lines = hanging(marker, ' '.repeat(marker.length), width, room =>
			blockLines(item.tokens, room, between),
		);
		return index === 0 ? lines : [...between, ...lines];
	});
}

/**
Lines with something before them: `marker` before the first, `rest` before the others. Both are as wide as each other.
*/
function hanging(
	marker: string,
	rest: string,
	width: number,
	layOut: (width: number) => Line[],
): Line[] {
	const room = width - marker.length;

	if (room < leastRoom) {
		return layOut(width);
	}

	const lines = layOut(room);
	return (lines.length === 0 ? [[]] : lines).map((line, index) => {
		const before = index === 0 ? marker : rest;
		const text = line.length === 0 ? before.trimEnd() : before;
		return text === '' ? line : [{text, mark: 'quiet'}, ...line];
	});
}
