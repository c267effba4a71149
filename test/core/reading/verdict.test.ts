import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	type ParsedVerdict,
	parseVerdict,
} from '../../../source/core/reading/verdict.js';
import {hostileTexts, timersHaveRun} from '../../helpers/hostile-text.js';
import {vectors} from '../../helpers/vectors.js';

const says = (text: string, expected: Partial<ParsedVerdict>) => {
	const verdict = parseVerdict(text);

	for (const [key, value] of Object.entries(expected)) {
		assert.deepEqual(
			verdict[key as keyof ParsedVerdict],
			value,
			`${key} of ${text}`,
		);
	}
};

const complete = `<analysis>A and C agree.</analysis>
<dissent>
<point labels="B,D">It is <b>Lyon</b>.</point>
<point>Nobody asked.</point>
</dissent>
<groups>A,C|B,D</groups>
<ranking>A>C=B>D</ranking>
<confidence>0.85</confidence>
<needs_iteration>true</needs_iteration>
<refinement_areas>
<area>the date</area>
</refinement_areas>
<synthesis>
Paris.
</synthesis>`;

const meaning: ParsedVerdict = {
	synthesis: 'Paris.',
	hasSynthesisSection: true,
	confidence: 0.85,
	needsIteration: true,
	refinementAreas: ['the date'],
	analysis: 'A and C agree.',
	dissent: [
		{text: 'It is <b>Lyon</b>.', who: ['B', 'D']},
		{text: 'Nobody asked.', who: []},
	],
	ranking: [['A'], ['C', 'B'], ['D']],
	groups: [
		['A', 'C'],
		['B', 'D'],
	],
	problems: [],
};

test('every sample is read as it should be', () => {
	for (const {note, input, expected} of vectors<
		Array<{note: string; input: string; expected: Partial<ParsedVerdict>}>
	>('verdict')) {
		const verdict = parseVerdict(input);
		const {synthesis, confidence, needsIteration, refinementAreas} = verdict;
		assert.deepEqual(
			{synthesis, confidence, needsIteration, refinementAreas},
			expected,
			note,
		);
	}
});

test('a verdict in the form that is asked for is read completely', () => {
	assert.deepEqual(parseVerdict(complete), meaning);
});

test('a fence, a wrapping element and a few words around it change nothing', () => {
	for (const text of [
		`\`\`\`xml\n${complete}\n\`\`\``,
		`\`\`\`xml\n${complete}\n\`\`\`\nTell me if you need more.`,
		`Here is my verdict:\n\n\`\`\`xml\n${complete}\n\`\`\``,
		`Here it is: <synthesis_output>\n${complete}\n</synthesis_output> Done.`,
		`<think>I put <synthesis>Rome</synthesis> here.</think>${complete}`,
		`<confidence>0.1</confidence> no...</think>${complete}`,
		complete.toUpperCase().replaceAll('</', '</ '),
	]) {
		const {synthesis, confidence, problems, ranking} = parseVerdict(text);
		assert.equal(synthesis?.toLowerCase(), 'paris.');
		assert.equal(confidence, 0.85);
		assert.deepEqual(ranking, meaning.ranking);
		assert.deepEqual(problems, []);
	}
});

test('needs_iteration on its own line is read, which the original took for false', () => {
	says('<needs_iteration>\n    true\n</needs_iteration>', {
		needsIteration: true,
	});
});

test('needs_iteration is read in other words and spellings, which the original took for a default', () => {
	for (const [words, expected] of Object.entries({
		yes: true,
		Ja: true,
		1: true,
		'**True**': true,
		'yes, the date is open': true,
		no: false,
		0: false,
		'false.': false,
		'No, this is settled': false,
		maybe: null,
		'true/false': null,
		'true or false': null,
		'': null,
	})) {
		says(`<needsIteration>${words}</needsIteration>`, {
			needsIteration: expected,
		});
	}
});

test('a confidence that was not given is null, which the original took for 0', () => {
	says('<synthesis>S</synthesis>', {confidence: null});
	says('<confidence>high</confidence>', {
		confidence: null,
		hasSynthesisSection: false,
	});
	assert.ok(
		parseVerdict('<confidence>high</confidence>').problems.includes(
			"The arbiter's confidence could not be read.",
		),
	);
});

test('attributes on a tag do not hide its section, which made the original return the raw text', () => {
	says(
		'<synthesis lang="en">S</synthesis ><confidence scale="1">.9</confidence>',
		{
			synthesis: 'S',
			confidence: 0.9,
		},
	);
});

test('thinking that mentions or contains a section is not read, where the original took the example', () => {
	says(
		'<think>Format: <synthesis>x</synthesis><confidence>0.1</confidence></think>' +
			'<synthesis>S</synthesis><confidence>0.8</confidence>',
		{synthesis: 'S', confidence: 0.8},
	);
	says('<thinking>I will fill <synthesis> now.', {synthesis: null});
});

test('thinking inside a section belongs to it', () => {
	says('<synthesis>Models write <think> first.</synthesis>', {
		synthesis: 'Models write <think> first.',
	});
});

test('of two syntheses the last complete one counts, where the original returned the draft', () => {
	says('<synthesis>draft</synthesis> no: <synthesis>final</synthesis>', {
		synthesis: 'final',
	});
	says('<synthesis>whole</synthesis> and <synthesis>cut o', {
		synthesis: 'whole',
	});
	says('<synthesis>whole</synthesis><synthesis> </synthesis>', {
		synthesis: 'whole',
	});
});

test('a closing tag in a code sample, between backticks or of a nested pair does not close the synthesis, where the original cut there', () => {
	for (const synthesis of [
		'So:\n```xml\n<synthesis>x</synthesis>\n</synthesis>\n```\nDone.',
		'So:\n~~~~\n```\n</synthesis>\n~~~~\nDone.',
		'```md\n```js\n</synthesis>\n```\n</synthesis>\n```\nDone.',
		'So:\n````\n```\n</synthesis>\n````\nDone.',
		'```a``` is code.\n```\n</synthesis>\n```\nDone.',
		'It ends with `</synthesis>`, always.',
		'So: <synthesis>x</synthesis> Done.',
		'Use `code()`',
	]) {
		says(`<synthesis>${synthesis}</synthesis>\n<confidence>0.9</confidence>`, {
			synthesis,
			confidence: 0.9,
		});
	}
});

test('a fence or a nested tag that never closes does not swallow what follows', () => {
	says('<synthesis>```js\nx()\n</synthesis><confidence>0.9</confidence>', {
		synthesis: '```js\nx()',
		confidence: 0.9,
	});
	says(
		'<synthesis>I use <synthesis> here.</synthesis><confidence>0.9</confidence>',
		{
			synthesis: 'I use <synthesis> here.',
			confidence: 0.9,
		},
	);
	says('```xml\n<synthesis>```js\nx()\n</synthesis>\n```\n', {
		synthesis: '```js\nx()',
	});
	says('So:\n```\n<synthesis>S</synthesis><confidence>0.9</confidence>', {
		synthesis: 'S',
		confidence: 0.9,
	});
});

test('sections inside the synthesis belong to it, where the original took a nested analysis', () => {
	says(
		'<synthesis>S <analysis>in</analysis> <confidence>0.1</confidence></synthesis><analysis>out</analysis>',
		{
			synthesis: 'S <analysis>in</analysis> <confidence>0.1</confidence>',
			analysis: 'out',
			confidence: null,
		},
	);
});

test('an unclosed section ends where the next begins, and that is a problem; the original lost it', () => {
	const verdict = parseVerdict(
		'<analysis>Both agree.\n<confidence>0.7\n<synthesis>So it is</synth',
	);
	assert.equal(verdict.analysis.trim(), 'Both agree.');
	assert.equal(verdict.confidence, 0.7);
	assert.equal(verdict.synthesis, 'So it is');
	assert.deepEqual(
		verdict.problems.filter(problem => problem.includes('unclosed')),
		[
			'The arbiter left its analysis unclosed.',
			'The arbiter left its confidence unclosed.',
			'The arbiter left its synthesis unclosed.',
		],
	);
});

test('a synthesis that breaks off keeps what follows a code sample of its closing tag', () => {
	const synthesis = 'So:\n```xml\n</synthesis>\n```\nThen you';
	says(`<synthesis>${synthesis}`, {synthesis});
});

test('text without any section is the synthesis as a whole, which the later original answered with "missing"', () => {
	says(' Paris.\n\n```js\nx()\n``` ', {
		synthesis: 'Paris.\n\n```js\nx()\n```',
		hasSynthesisSection: false,
		problems: ['The arbiter marked no sections.'],
	});
	says('```js\nx()\n```', {synthesis: '```js\nx()\n```'});
	says('<think>Hm.</think>Paris.', {synthesis: 'Paris.'});
	says('Write:\n```xml\n<synthesis>x</synthesis>\n```\nDone.', {
		synthesis: 'Write:\n```xml\n<synthesis>x</synthesis>\n```\nDone.',
		hasSynthesisSection: false,
	});
	says('&lt;synthesis&gt;x', {
		synthesis: '&lt;synthesis&gt;x',
		hasSynthesisSection: false,
	});
});

test('where nothing was said there is no synthesis', () => {
	for (const text of ['', ' \n', '<think>Hm.</think>', '<think>Hm.']) {
		says(text, {synthesis: null, problems: ['The arbiter said nothing.']});
	}

	says('<synthesis> </synthesis>', {
		synthesis: null,
		hasSynthesisSection: false,
	});
});

test('every missing section is named', () => {
	assert.deepEqual(parseVerdict('<synthesis>S</synthesis>').problems, [
		'The arbiter gave no analysis.',
		'The arbiter gave no dissent.',
		'The arbiter gave no groups.',
		'The arbiter gave no ranking.',
		'The arbiter gave no confidence.',
		'The arbiter gave no word on whether another iteration is needed.',
		'The arbiter gave no refinement areas.',
	]);
});

test('whatever the text, it is read without a throw and the confidence is from 0 to 1 or null', () => {
	const seen = {
		synthesis: 0,
		confidence: 0,
		dissent: 0,
		ranking: 0,
		problems: 0,
	};
	const name = fc.constantFrom(
		'synthesis',
		'confidence',
		'dissent',
		'point',
		'ranking',
		'think',
	);
	const piece = fc.oneof(
		name.map(tag => `<${tag}>`),
		name.map(tag => `</${tag}>`),
		fc.constantFrom(
			'\n```\n',
			'\n```x\n',
			'`',
			'0.5',
			'A>B',
			'<ranking>A>B</ranking>',
			'{',
			'}',
			'"',
			'<',
			'>',
		),
		fc.string(),
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 20}), pieces => {
			const verdict = parseVerdict(pieces.join(''));
			const {confidence} = verdict;
			assert.ok(confidence === null || (confidence >= 0 && confidence <= 1));
			assert.notEqual(verdict.synthesis, '');

			for (const key of Object.keys(seen) as Array<keyof typeof seen>) {
				const value = verdict[key];
				seen[key] +=
					value === null || (Array.isArray(value) && value.length === 0)
						? 0
						: 1;
			}
		}),
		{numRuns: 3000},
	);

	for (const [key, count] of Object.entries(seen)) {
		assert.ok(count > 20, `some texts have a ${key}`);
	}
});

for (const [name, text] of hostileTexts) {
	test(`a megabyte of ${name} is read in time`, {timeout: 10_000}, async () => {
		assert.notEqual(parseVerdict(text).synthesis, '');
		await timersHaveRun();
	});
}

test('a fence that opens in the middle of a line does not cut the synthesis short', () => {
	const synthesis =
		'Use ```xml\n<synthesis>x</synthesis>\n<confidence>0.1</confidence>\n```\nand then you are done';
	const read = parseVerdict(
		`<confidence>0.9</confidence>\n<synthesis>\n${synthesis}\n</synthesis>`,
	);
	assert.equal(read.synthesis, synthesis);
	assert.equal(read.confidence, 0.9);
	assert.ok(read.problems.some(problem => problem.includes('not certain')));
});
