/**
The fenced blocks of a text in Markdown, without their fences: three or more backticks or tildes, and a line that closes them with at least as many. What no line closes is none. A block that stands in from the margin, as in a list, is moved there.
*/
export function fencedBlocks(text: string): string[] {
	const blocks: string[] = [];
	let open: {readonly fence: string; readonly indent: number} | null = null;
	let lines: string[] = [];

	for (const line of text.split(/\r?\n/)) {
		const [start, indent, fence] = /^([ \t]*)(`{3,}|~{3,})/.exec(line) ?? [];
		const info = line.slice(start?.length);

		if (open === null) {
			// What has more backticks in its line is code within a sentence.
			if (
				fence !== undefined &&
				!(fence.startsWith('`') && info.includes('`'))
			) {
				open = {fence, indent: indent!.length};
				lines = [];
			}
		} else if (
			fence !== undefined &&
			fence.startsWith(open.fence) &&
			info.trim() === ''
		) {
			blocks.push(lines.join('\n'));
			open = null;
		} else {
			const own = /^[ \t]*/.exec(line)![0].length;
			lines.push(line.slice(Math.min(own, open.indent)));
		}
	}

	return blocks;
}
