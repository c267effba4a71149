import {plain} from '../text/plain.js';

/**
Text of others as a block of code it cannot end: the fence is longer than any row of backticks in it.
*/
export function fenced(text: string): string {
	const clean = plain(text).trim();
	let longest = 2;

	for (const [row] of clean.matchAll(/`+/g)) {
		longest = Math.max(longest, row.length);
	}

	const fence = '`'.repeat(longest + 1);
	return `${fence}text\n${clean}\n${fence}`;
}

/**
Text of others within a line: it stays on that line and means nothing in Markdown.
*/
export function inline(text: string): string {
	return plain(text)
		.replaceAll(/\s+/g, ' ')
		.trim()
		.replaceAll(/[\\`*_[\]<>&|~]|^[#+-]/g, String.raw`\$&`);
}

/**
A table; the cells are Markdown already.
*/
export function markdownTable(
	rows: ReadonlyArray<readonly string[]>,
): readonly string[] {
	const [headings = [], ...others] = rows;

	return [headings, headings.map(() => '---'), ...others].map(
		cells => `| ${cells.join(' | ')} |`,
	);
}
