import {readConfidence} from './confidence.js';
import {mostTrusted, readSections, type Section} from './sections.js';
import {
	readDissent,
	readGroups,
	readList,
	readRanking,
} from './verdict-lists.js';
import {sectionsInJson} from './verdict-json.js';

/**
What an arbiter's text says. Absence is null, or an empty list or text. Those it names are the labels it was shown.
*/
export type ParsedVerdict = {
	readonly synthesis: string | null;

	/**
	False when nothing was marked as the synthesis, so that `synthesis` is the whole text or null.
	*/
	readonly hasSynthesisSection: boolean;

	/**
	0 to 1.
	*/
	readonly confidence: number | null;
	readonly needsIteration: boolean | null;
	readonly refinementAreas: string[];
	readonly analysis: string;
	readonly dissent: Array<{text: string; who: string[]}>;

	/**
	Best first; those on one level share a list.
	*/
	readonly ranking: string[][];
	readonly groups: string[][];

	/**
	A sentence for each section that is missing, unclosed or unreadable.
	*/
	readonly problems: string[];
};

const sectionTitles = {
	analysis: 'analysis',
	dissent: 'dissent',
	groups: 'groups',
	ranking: 'ranking',
	confidence: 'confidence',
	needsiteration: 'word on whether another iteration is needed',
	refinementareas: 'refinement areas',
	synthesis: 'synthesis',
} as const;

export type SectionName = keyof typeof sectionTitles;

/**
The sections of a verdict, as `plainName` gives them.
*/
export const verdictSections = Object.keys(sectionTitles) as SectionName[];

/**
Read what an arbiter wrote; it never throws. The sections may come in any order, with attributes and in any case, or as keys of a JSON object. Of several of one name the last complete one that can be read counts. A text without any section is the synthesis as a whole. Sections that nobody asked for may be missing.

@example
```js
const {synthesis, confidence, problems} = parseVerdict(
	'<synthesis>Paris.</synthesis><confidence>0.9</confidence>',
);
```
*/
export function parseVerdict(
	text: string,
	unasked: readonly SectionName[] = [],
): ParsedVerdict {
	const {visible} = readSections(text, []);
	const sections = findSections(text, visible);
	const problems: string[] = [];

	const read = <Value>(
		name: SectionName,
		reader: (content: string) => Value | null,
	): Value | null => {
		const found = mostTrusted(sections, name);

		for (const {content, isClosed, isDoubtful} of found) {
			const value = reader(content);

			if (value !== null) {
				if (!isClosed) {
					problems.push(
						`The arbiter left its ${sectionTitles[name]} unclosed.`,
					);
				}

				if (isDoubtful) {
					problems.push(
						`It is not certain where the arbiter's ${sectionTitles[name]} ends.`,
					);
				}

				return value;
			}
		}

		if (found.length > 0) {
			problems.push(`The arbiter's ${sectionTitles[name]} could not be read.`);
		} else if (!unasked.includes(name)) {
			problems.push(`The arbiter gave no ${sectionTitles[name]}.`);
		}

		return null;
	};

	const analysis = read('analysis', content => content.trim()) ?? '';
	const dissent = read('dissent', readDissent) ?? [];
	const groups = read('groups', readGroups) ?? [];
	const ranking = read('ranking', readRanking) ?? [];
	const confidence = read('confidence', readConfidence);
	const needsIteration = read('needsiteration', readTruth);
	const refinementAreas =
		read('refinementareas', content => readList(content, 'area')) ?? [];
	const synthesis = read('synthesis', content => content.trim() || null);
	const rest = {
		confidence,
		needsIteration,
		refinementAreas,
		analysis,
		dissent,
		ranking,
		groups,
	};

	if (sections.length > 0) {
		return {
			synthesis,
			hasSynthesisSection: synthesis !== null,
			...rest,
			problems,
		};
	}

	const whole = visible.trim();
	return {
		synthesis: whole === '' ? null : whole,
		hasSynthesisSection: false,
		...rest,
		problems: [
			whole === ''
				? 'The arbiter said nothing.'
				: 'The arbiter marked no sections.',
		],
	};
}

function findSections(text: string, visible: string): Section[] {
	const inJson = sectionsInJson(visible, verdictSections);

	if (inJson) {
		return inJson;
	}

	const {sections} = readSections(text, verdictSections);

	if (sections.length > 0) {
		return sections;
	}

	// Some put the whole verdict into a code fence, after a few words of their own. A sample of a single section is not that.
	const fenced = readSections(text, verdictSections, 'ignored').sections;
	const names = new Set(fenced.map(({name}) => name));
	return names.has('synthesis') && names.size > 1 ? fenced : [];
}

const yes = new Set([
	'true',
	'yes',
	'y',
	'1',
	'ja',
	'oui',
	'sí',
	'si',
	'да',
	'是',
]);
const no = new Set(['false', 'no', 'n', '0', 'nein', 'non', 'нет', '否']);

function readTruth(content: string): boolean | null {
	const [word = '', then = ''] =
		content
			.slice(0, 300)
			.replaceAll(/<[^<>]*>/g, ' ')
			.toLowerCase()
			.match(/[\p{L}\p{N}]+|[/|]/gu) ?? [];
	// "true/false" and "true or false" repeat the choice instead of making it.
	const isChoice = ['/', '|', 'or', 'oder'].includes(then);
	return isChoice ? null : yes.has(word) ? true : no.has(word) ? false : null;
}
