import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {parseConfidence} from '../../../source/core/reading/confidence.js';
import {hostileTexts, timersHaveRun} from '../../helpers/hostile-text.js';
import {vectors} from '../../helpers/vectors.js';

const reads = (expected: Readonly<Record<string, number | null>>) => {
	for (const [text, confidence] of Object.entries(expected)) {
		assert.equal(parseConfidence(text), confidence, JSON.stringify(text));
	}
};

test('every sample is read as it should be', () => {
	for (const {note, input, expected} of vectors<
		Array<{note: string; input: string; expected: number | null}>
	>('confidence')) {
		assert.equal(parseConfidence(input), expected, note);
	}
});

test('what is not a share of one is no confidence, where the original counted 150 as 1.5 and 1.05 as 1 %', () => {
	reads({
		'<confidence>150</confidence>': null,
		'<confidence>1.05</confidence>': null,
		'<confidence>1.5</confidence>': null,
		'<confidence>101%</confidence>': null,
		'<confidence>11/10</confidence>': null,
		'<confidence>3/4</confidence>': null,
		'<confidence>0.8.5</confidence>': null,
		'<confidence>2</confidence>': 0.02,
		'<confidence>92.5</confidence>': 0.925,
		'<confidence>8.5/10</confidence>': 0.85,
		'Confidence: 9 out of 10': 0.9,
		'Confidence: 85 percent': 0.85,
	});
});

test('a negative number is no confidence, where the original lost the sign', () => {
	reads({
		'Confidence: -0.5': null,
		'<confidence>-0.5</confidence>': null,
		'<confidence>−0.5</confidence>': null,
		'Confidence - 0.9': 0.9,
	});
});

test('a range or a placeholder is no confidence', () => {
	reads({
		'<confidence>0.8-0.9</confidence>': null,
		'<confidence>0.8 to 0.9</confidence>': null,
		'<confidence>0..1</confidence>': null,
		'<confidence>60% – 70%</confidence>': null,
		'Confidence: 0.0-1.0': null,
		'Confidence: 0.XX': null,
		'<confidence>how likely, from 0 to 1</confidence>': null,
	});
});

test('dress around the number does not matter, where the original read 0', () => {
	reads({
		'<confidence level="high">0.9</confidence>': 0.9,
		'<confidence>**0.9**</confidence>': 0.9,
		'<confidence><![CDATA[0.9]]></confidence>': 0.9,
		'<confidence><value>0.9</value></confidence>': 0.9,
		'<confidence>0.9 (three sources agree, 2 do not)</confidence>': 0.9,
		'<confidence>3 of 4 sources agree: 0.75</confidence>': 0.75,
		'My confidence is 0.92': 0.92,
		'Confidence: ~0.9': 0.9,
		'Confidence (0-1): 0.85': 0.85,
		'{"confidence_score": "85%"}': 0.85,
	});
});

test('a heading is followed by its value, but a list under it is not one', () => {
	reads({
		'## Confidence\n\n0.83': 0.83,
		'| Confidence |\n|---|\n| 0.9 |': 0.9,
		'## Confidence\n\n1. First\n2. Second': null,
		'## Confidence\n\nI checked 3 sources.': null,
	});
});

test('a number that is about something else is not read, where the original took "overconfidence 3 times" for 3 %', () => {
	reads({
		'overconfidence 3 times': null,
		'confidence 3 times': null,
		'a 95% confidence interval of 0.2': null,
		'{"confidence": null, "count": 5}': null,
		'| Confidence | high | Sources | 3 |': null,
		'Confidence grew. In 20 of 30 cases it did.': null,
		'Confidence in gpt-4 is low': null,
	});
});

test('thinking is not read, closed or not, where the original took its number', () => {
	reads({
		'<think><confidence>0.1</confidence></think>Sure. <confidence>0.8</confidence>': 0.8,
		'<thinking>Confidence: 0.1</thinking>Sure.': null,
		'<think>Confidence: 0.1': null,
		'Confidence: 0.1</think>Sure.': null,
		'Use the `<think>` tag. Confidence: 0.7': 0.7,
	});
});

test('a fence around everything is looked through, any other is code', () => {
	reads({
		'```\nSure.\n<confidence>0.66</confidence>\n```': 0.66,
		'````md\n```py\nx\n```\n<confidence>0.66</confidence>\n````': 0.66,
		'So:\n```xml\n<confidence>0.2</confidence>\n```\nConfidence: 0.9': 0.9,
		'So:\n```py\nconfidence = 0.5\n```': null,
		'```py\nconfidence = 0.5\n```\nThat is all.': null,
		'So:\n```py\nnever closed\n<confidence>0.8</confidence>': 0.8,
	});
});

test('an invalid tag does not hide a valid one or a stated number', () => {
	reads({
		'<confidence>0.9</confidence><confidence>n/a</confidence>': 0.9,
		'Confidence: 0.4\n<confidence>high</confidence>': 0.4,
	});
});

test('a number is never cut by how far the reader looks', () => {
	const words = 'confidence '.padEnd(200, 'so ');

	for (let length = 90; length < 125; length++) {
		const read = parseConfidence(`${words.slice(0, length)} is 0.75`);
		assert.ok(read === null || read === 0.75, `${length}: ${read}`);
	}
});

test('whatever the text, a confidence is from 0 to 1 or null', () => {
	let found = 0;
	const piece = fc.oneof(
		fc.string(),
		fc.constantFrom('<confidence>', '</confidence>', 'Confidence: ', '\n```\n'),
		fc.constantFrom('<think>', '</think>', '%', '/10', '-', '"', '`', '|'),
		fc.double({min: -2, max: 200, noNaN: true}).map(String),
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 12}), pieces => {
			const confidence = parseConfidence(pieces.join(''));
			found += confidence === null ? 0 : 1;
			assert.ok(confidence === null || (confidence >= 0 && confidence <= 1));
		}),
		{numRuns: 2000},
	);
	assert.ok(found > 20, 'some texts state a confidence');
});

for (const [name, text] of hostileTexts) {
	test(`a megabyte of ${name} is read in time`, {timeout: 10_000}, async () => {
		const confidence = parseConfidence(text);
		assert.ok(confidence === null || (confidence >= 0 && confidence <= 1));
		await timersHaveRun();
	});
}
