import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	type ParsedVerdict,
	parseVerdict,
} from '../../../source/core/reading/verdict.js';

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

test('JSON stands for the same sections, which the original returned as raw text', () => {
	const {problems: _, hasSynthesisSection: __, ...sections} = meaning;
	const object = {
		...sections,
		dissent: [
			{text: 'It is <b>Lyon</b>.', labels: ['B', 'D']},
			'Nobody asked.',
		],
	};
	const snake = {
		synthesis: 'Use <synthesis>x</synthesis>.',
		confidence: '85%',
		needs_iteration: 'no',
		refinement_areas: 'the date',
		groups: 'A|B',
		ranking: null,
	};

	for (const text of [
		JSON.stringify(object),
		`\`\`\`json\n${JSON.stringify(object, null, 2)}\n\`\`\``,
		`<think>{</think>Here it is:\n\`\`\`json\n${JSON.stringify(object)}\n\`\`\`\nDone.`,
	]) {
		assert.deepEqual(parseVerdict(text), meaning, text);
	}

	says(JSON.stringify(snake), {
		synthesis: 'Use <synthesis>x</synthesis>.',
		confidence: 0.85,
		needsIteration: false,
		refinementAreas: ['the date'],
		groups: [['A'], ['B']],
		ranking: [],
	});
});

test('labels in JSON are told apart, also those of a tie', () => {
	const lists = {
		synthesis: 'S',
		dissent: [{text: 'It is Lyon.', labels: [['B'], {label: 'D'}]}],
		groups: ['A', ['B', 'C']],
		ranking: [['B', 'A'], 'C'],
	};

	says(JSON.stringify(lists), {
		dissent: [{text: 'It is Lyon.', who: ['B', 'D']}],
		groups: [['A'], ['B', 'C']],
		ranking: [['B', 'A'], ['C']],
	});
});

test('JSON that is not a verdict stays text, also inside of a synthesis', () => {
	says('{"a":1}', {synthesis: '{"a":1}', hasSynthesisSection: false});
	says('{"synthesis":"cut o', {hasSynthesisSection: false});
	says('<synthesis>{"confidence":0.1}</synthesis>', {
		synthesis: '{"confidence":0.1}',
		confidence: null,
	});
});

test('JSON that is nested too deeply to be written again stays text', () => {
	const deep = `{"synthesis":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
	says(deep, {synthesis: deep});
});
