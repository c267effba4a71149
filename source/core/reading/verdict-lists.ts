import {readSections, type Section} from './sections.js';

function childrenOf(content: string, name: string): Section[] {
	return readSections(content, [name], 'ignored').sections;
}

function isNone(text: string): boolean {
	return /^[\s*_(["-]{0,9}(?:none|nothing|no dissent|n\/a|null|keine|keiner)?[\s*_)\]".!-]{0,9}$/i.test(
		text,
	);
}

/**
The entries of a list: the child elements of that name, else its lines without bullets. A "none" is no entry.
*/
export function readList(content: string, name: string): string[] {
	const children = childrenOf(content, name);
	const entries =
		children.length > 0
			? children.map(child => child.content)
			: content
					.split('\n')
					.map(line => line.replace(/^\s{0,40}(?:[-*•]|\d{1,3}[.)])\s/, ''));

	return entries.map(entry => entry.trim()).filter(entry => !isNone(entry));
}

/**
What the synthesis does not share, and the labels of those who hold it.
*/
export function readDissent(
	content: string,
): Array<{text: string; who: string[]}> {
	const points = childrenOf(content, 'point');

	if (points.length === 0) {
		const text = content.trim();
		return isNone(text) ? [] : [{text, who: []}];
	}

	return points
		.map(point => ({
			text: point.content.trim(),
			who: labelsIn(
				/\b(?:labels?|who)\s?=\s?["']?([^"'>]*)/i.exec(point.attributes)?.[1] ??
					'',
			),
		}))
		.filter(({text}) => !isNone(text));
}

/**
Labels in the order of their first mention: `A` to `Z`, then `AA` and so on. Lower-case ones count where there are no others.
*/
function labelsIn(text: string): string[] {
	const labels =
		text.match(/(?<![\p{L}\p{N}])[A-Z]{1,2}(?![\p{L}\p{N}])/gu) ??
		text.match(/(?<![\p{L}\p{N}])[a-z](?![\p{L}\p{N}])/gu) ??
		[];
	return [...new Set(labels.map(label => label.toUpperCase()))];
}

/**
Lists of labels in which each label stands once, where it came first; null when there are words but no label.
*/
function distinct(
	lists: readonly string[][],
	content: string,
): string[][] | null {
	const seen = new Set<string>();
	const result: string[][] = [];

	for (const list of lists) {
		const fresh = list.filter(label => !seen.has(label));

		if (fresh.length > 0) {
			result.push(fresh);
			for (const label of fresh) {
				seen.add(label);
			}
		}
	}

	return result.length === 0 && !isNone(content.trim()) ? null : result;
}

/**
Who says the same: `A,C|B`, `[A, C] [B]`, one group on a line, or `group` elements. Null when it names nobody.
*/
export function readGroups(content: string): string[][] | null {
	const elements = childrenOf(content, 'group').map(group => group.content);
	const brackets = Array.from(
		content.matchAll(/\[([^[\]]*)\]|\{([^{}]*)\}/g),
		match => match[1] ?? match[2] ?? '',
	);
	const parts = [elements, brackets].find(({length}) => length > 0);
	return distinct(
		(parts ?? content.split(/[|\n;]/)).map(part => labelsIn(part)),
		content,
	);
}

/**
The levels of a ranking, best first: `A>C=B`, one level on a line with a word about it or not, or `rank` elements in the order of their `position`. Null when it names nobody, and where it is prose: "A" and "I" are words as well.
*/
export function readRanking(content: string): string[][] | null {
	const ranks = childrenOf(content, 'rank').map((rank, index) => ({
		labels: levelIn(rank.content) ?? labelsIn(rank.content),
		position: Number(
			/\bposition\s?=\s?["']?(\d{1,4})/i.exec(rank.attributes)?.[1] ??
				index + 1,
		),
	}));

	if (ranks.length > 0) {
		const levels = Map.groupBy(ranks, ({position}) => position);
		return distinct(
			[...levels]
				.toSorted(([left], [right]) => left - right)
				.map(([, level]) => level.flatMap(({labels}) => labels)),
			content,
		);
	}

	const text = content.replaceAll('&gt;', '>').trim();
	const separator =
		[/[>\n]/, /[,;]/].find(candidate => candidate.test(text)) ??
		(text.includes('=') ? '\n' : /\s+/);
	const levels = text
		.split(separator)
		.filter(level => level.trim() !== '')
		.map(level => levelIn(level));

	return levels.every(level => level !== null)
		? distinct(levels, content)
		: null;
}

const opening = /^[\s[(*_#•-]+/;
const label = '(?:[A-Z]{1,2}|[a-z])';
const labelled = new RegExp(
	String.raw`^${label}(?:[\s*_]*(?:[=,&/]|and\s)\s*(?:[Aa]nswer\s+)?[*_]*${label})*`,
);
const whatFollows = [/^[\s\])*_.;,]*$/, /^[\])*_]*\s?[:(–—-]/, /^[\])*_]*\.\s/];

/**
The labels of one level, which stand before anything that is said of them; null for prose.
*/
function levelIn(text: string): string[] | null {
	const level = text
		.replace(opening, '')
		.replace(/^\d{1,3}[.)]/, '')
		.replace(opening, '')
		.replace(/^(?:answers?|labels?)\s+/i, '');
	const [labels] = labelled.exec(level) ?? [];

	return labels !== undefined &&
		whatFollows.some(each => each.test(level.slice(labels.length)))
		? labelsIn(labels.replaceAll(/\band\b|answer/gi, ' '))
		: null;
}
