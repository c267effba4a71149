import {createMarks, shownWhole, type Marks} from './stream-marks.js';

/**
The sections an arbiter is asked for, and what stands in them.
*/
const names = [
	'analysis',
	'dissent',
	'point',
	'groups',
	'ranking',
	'confidence',
	'needs_iteration',
	'refinement_areas',
	'area',
	'synthesis',
] as const;

/**
Shows the tags of these as words while a text streams: `<ranking>A>B</ranking>` as `ranking: A>B`, and `<point labels="B,C">` as `point B,C: `.
*/
export function createArbiterMarks(): Marks {
	return createMarks({
		whole: new RegExp(
			String.raw`^<(?<close>\/?)(?<name>${names.join('|')})(?<rest>\s[^<>\n]*)?>`,
			'iv',
		),
		shown({groups}) {
			const {close, name, rest = ''} = groups!;
			const labels = /labels="([^"]*)"/i.exec(rest)?.[1] ?? '';
			const words = name!.toLowerCase().replaceAll('_', ' ');
			return close === '/'
				? ''
				: `${[words, labels].filter(Boolean).join(' ')}: `;
		},
		mayBecome,
	});
}

/**
The same for a whole text.
*/
export function arbiterText(text: string): string {
	return shownWhole(createArbiterMarks(), text);
}

function mayBecome(text: string): boolean {
	const beginning = /^<\/?([a-z_]*)(\s[^<>\n]*)?$/i.exec(text.toLowerCase());

	if (!beginning) {
		return false;
	}

	const [, name, rest] = beginning;
	return names.some(each =>
		rest === undefined ? each.startsWith(name!) : each === name,
	);
}
