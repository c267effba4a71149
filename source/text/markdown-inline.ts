import {type MarkedToken, type Token, type Tokens} from 'marked';
import {textOf, type Mark, type Span} from './spans.js';

const characters: Readonly<Record<string, string>> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

/**
What is inside a paragraph, a heading or a cell, as spans. Of several marks on one piece the one that says most is kept.
*/
export function spansOf(tokens: readonly Token[], mark: Mark): Span[] {
	return tokens.flatMap(token => spansOfOne(token as MarkedToken, mark));
}

function spansOfOne(token: MarkedToken, mark: Mark): Span[] {
	switch (token.type) {
		case 'text': {
			return token.tokens
				? spansOf(token.tokens, mark)
				: [{text: wordsOf(token.text), mark}];
		}

		case 'escape': {
			return [{text: token.text, mark}];
		}

		case 'strong': {
			return spansOf(token.tokens, heavier(mark, 'strong'));
		}

		case 'em': {
			return spansOf(token.tokens, heavier(mark, 'emphasis'));
		}

		case 'del': {
			return spansOf(token.tokens, heavier(mark, 'deleted'));
		}

		case 'codespan': {
			return [{text: token.text, mark: 'code'}];
		}

		case 'link': {
			return linkSpans(spansOf(token.tokens, 'link'), token);
		}

		case 'image': {
			return linkSpans([{text: wordsOf(token.text), mark: 'link'}], token);
		}

		case 'br': {
			return [{text: '\n', mark}];
		}

		// The box is part of the item's marker.
		case 'checkbox': {
			return [];
		}

		default: {
			const isBreak = /^<br *\/?>$/i.test(token.raw);
			return [{text: isBreak ? '\n' : token.raw, mark}];
		}
	}
}

const heavier = (outer: Mark, inner: Mark): Mark =>
	outer === 'plain' || (outer === 'emphasis' && inner === 'strong')
		? inner
		: outer;

/**
A line feed of the text is kept: models break lines where they mean to.
*/
const wordsOf = (text: string) =>
	text
		.replaceAll(/\n +/g, '\n')
		.replaceAll(
			/&(?:amp|lt|gt|quot|#39|nbsp);/g,
			entity => characters[entity]!,
		);

/**
An address is shown where the text does not show it already.
*/
function linkSpans(
	label: readonly Span[],
	{href}: Pick<Tokens.Link, 'href'>,
): Span[] {
	const address = wordsOf(href);
	const text = textOf(label);
	const isShown = ['', 'mailto:', 'http://'].some(
		scheme => address === `${scheme}${text}`,
	);

	if (text === '') {
		return [{text: address, mark: 'link'}];
	}

	return isShown || address === ''
		? [...label]
		: [...label, {text: ` (${address})`, mark: 'quiet'}];
}
