import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	canonicalFinal,
	parseFinal,
	withoutClosing,
} from '../../../source/core/reading/final.js';
import {hostileTexts, timersHaveRun} from '../../helpers/hostile-text.js';
import {vectors} from '../../helpers/vectors.js';

const {t5_similarity: known} = vectors<{
	t5_similarity: {extract_and_canon: Array<[string, string]>};
}>('algorithms');

const same = (...finals: string[]) => {
	const forms = new Set(finals.map(final => canonicalFinal(final)));
	assert.equal(forms.size, 1, finals.join(' = '));
};

const different = (...finals: string[]) => {
	const forms = new Set(finals.map(final => canonicalFinal(final)));
	assert.equal(forms.size, finals.length, [...forms].join(' '));
};

test('every sample is found and brought to its form', () => {
	for (const [text, expected] of known.extract_and_canon) {
		const final = parseFinal(text);
		assert.equal(final === null ? null : canonicalFinal(final), expected, text);
	}
});

test('the last final counts, on one line', () => {
	assert.equal(
		parseFinal(
			'<final>41</final> no:\n<Final kind="value">\n 42\n km </FINAL>',
		),
		'42 km',
	);
	assert.equal(parseFinal('<final>42</final><final> </final>'), '42');
	assert.equal(parseFinal('<final>42\n<confidence>0.9</confidence>'), '42');
	assert.equal(parseFinal('<answer>A</answer><final>B</final>'), 'B');
	assert.equal(parseFinal('<answer>Long. <final>B</final></answer>'), 'B');
});

test('thinking and code hold no final', () => {
	assert.equal(parseFinal('<think><final>1</final></think>Well.'), null);
	assert.equal(parseFinal('So:\n```\n<final>1</final>\n```\nWell.'), null);
	assert.equal(parseFinal('```\nSo <final>1</final>\n```'), '1');
});

test('without a tag only a marked result is taken, never a guess', () => {
	assert.equal(parseFinal('I think it is Paris.'), null);
	assert.equal(parseFinal('The answer is not obvious.'), null);
	assert.equal(parseFinal('#### Conclusion\nIt depends.'), null);
	assert.equal(
		parseFinal(String.raw`So \boxed{\frac{3}{4}}.`),
		String.raw`\frac{3}{4}`,
	);
	assert.equal(parseFinal(String.raw`So \boxed{3`), null);
	assert.equal(parseFinal('#### Why\nBecause.\n#### Paris\n'), 'Paris');
	assert.equal(parseFinal('#### 42\n<confidence>0.9</confidence>'), '42');
	assert.equal(
		parseFinal('The final answer is: **Paris**. It is old.'),
		'Paris',
	);
	assert.equal(parseFinal('The answer is 3.5.'), '3.5');
	assert.equal(parseFinal(''), null);
});

test('equal numbers are equal however they are written', () => {
	same(
		'50%',
		'.5',
		'0.5',
		'1/2',
		'0,5',
		'½',
		'50 percent',
		String.raw`\frac{1}{2}`,
		'$0.50$',
		'**0.5**.',
	);
	same(
		'1,234,567',
		'1 234 567',
		"1'234'567",
		'1234567',
		'$1,234,567',
		'1.234567e6',
	);
	same('1.234,56', '1,234.56', '1234.56 €');
	same('-5', '−5', '-5.0', '"-5"', 'The answer is -5.');
	same('1 1/2', '1.5');
	same('0.33333333333', '0.333333333333');
	same('0', '-0');
});

test('different answers never share a form', () => {
	different('42', '43', '4.2', '42 km', '-42', '42%');
	different('Option A', 'Option B');
	different('J. Smith', 'J. Jones');
	different('A cat', 'A dog', 'a');
	different('10²', '102');
	different('No more than 5', 'No more than 6', 'no');
	different('C', 'C++', 'C#');
	different('1/0', '2/0');
	different('5!', '5');
});

test('a choice, a yes or no, JSON and plain words have one form each', () => {
	same(
		'B',
		'(b)',
		'b.',
		'Option B',
		'Answer: B',
		'**B**',
		'B) Paris',
		'Option B: Paris',
	);
	same('Yes', 'yes.', 'True', 'Yes, it is safe.');
	same('Paris', 'paris.', '“Paris”', ' **Paris** ');
	same('{"b":1,"a":[1, 2]}', '{"a":[1,2], "b":1}');
	different('{"a":1}', '{"a":2}', '[1]', '[1');
	assert.equal(canonicalFinal('Paris'), 'text:paris');
	assert.equal(canonicalFinal('[1, 2]'), 'json:[1,2]');
});

test('every number has the form of its own value', () => {
	fc.assert(
		fc.property(fc.integer({min: -1_000_000, max: 1_000_000}), value => {
			assert.equal(canonicalFinal(String(value)), `num:${value}`);
			same(
				String(value),
				value.toLocaleString('en'),
				`${value}.0`,
				`${value * 100}%`,
			);
		}),
	);
});

for (const [name, text] of hostileTexts) {
	test(`a megabyte of ${name} is read in time`, {timeout: 10_000}, async () => {
		const final = parseFinal(text);
		assert.notEqual(final?.trim(), '');
		assert.match(
			canonicalFinal(final ?? text),
			/^(?:num|choice|bool|json|text):/,
		);
		await timersHaveRun();
	});
}

test('the closing lines of a member are not part of an answer that is read', () => {
	assert.equal(
		withoutClosing(
			'Because.\n\n<final>4</final>\n<confidence>0.9</confidence>\n',
		),
		'Because.',
	);
	assert.equal(withoutClosing('<final>4</final>'), '4');
	assert.equal(
		withoutClosing('A <final>4</final> and more text.'),
		'A <final>4</final> and more text.',
	);
	assert.equal(withoutClosing('No lines.'), 'No lines.');
});
