import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {canonicalFinal} from '../../../source/core/reading/canonical.js';
import {
	parseFinal,
	standingAlone,
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
	same('1.234,56', '1,234.56', '1234.56');
	same('€5', '5 €', '5.00€');
	same('37607912018', '37,607,912,018', '037607912018');
	same('-5', '−5', '-5.0', '"-5"', 'The answer is -5.');
	same('1 1/2', '1.5');
	same('0.33333333333', '0.333333333333');
	same('0', '-0');
	same('2,0', '2', '2.0');
	same('12345678901', '12,345,678,901', '12345678901.0');
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
	different('$5', '€5', '£5', '5"', "5'");
	different('37607912018', '37607912019');
	different('1½', '5.5');
	same('1½', '1 1/2', '1.5');
	different('1010₂', '10102');
	different('Yes, 42', 'Yes, 43', 'Yes');
	different('Yes, massless', 'Yes, not massless');
	different('Yes - Option A', 'Yes - Option B');
	different('No, London', 'no: Paris', 'No');
	different('No, it is London', 'No, it is Paris');
	different('No. 7', 'No. 5');
	different(
		'Option A is wrong, Option B is right',
		'Option A',
		'Option A or B',
		'Option B',
	);
	different('(A) and (B)', '(A)');
	different('a) 42', 'a) 43');
	different('{"n":9007199254740993}', '{"n":9007199254740992}');
	different('{"n":1e400}', '{"n":null}');
	different('{"a":1,"a":2}', '{"a":2}');
	different('1e-400', '0');
	different('--5', '5', '-5');
	different('*p', 'p');
	different('3½', '15.5', '½');
	different('12345678901', '12345678902');
	different('2432902008176640000', '2432902008176640001');
	different('A', 'Option A and B', 'Option A is wrong', 'A) or B)', 'A) not B');
	different('(A) and (B)', '(A)', 'Option A. Option B as well.');
	different('Yes', 'Yes, 42', 'Yes, 43', 'Yes, it is not safe', 'Yes. No.');
	different('No', 'No, 42', 'No, but yes');
});

test('several options, and one that is taken back, are none of them', () => {
	different('(a), (c)', '(a)', 'a), b)', 'Option a, b', '(a)/(b)', '(b) + (a)');
	different('Option b, a', 'b', '(b)/(a)', 'b) & a)');
	different('(A) NOT right', '(A)', "(A) isn't right", '(A) Wrong', '(A) None');
	same('(b) a dog', 'b');
	different('Yes, it is, but only in summer', 'Yes', 'Yes, it is false');
	different('No, it is not, unless it rains', 'No');
});

test('the case of units, symbols and formulas tells answers apart', () => {
	different('5 mW', '5 MW');
	different('10 Mb', '10 MB', '10 Mbps', '10 MBps');
	different('CO', 'Co');
	different('CO2', 'Co2');
	different('COCl2', 'CoCl2');
	different('Aa', 'aa', 'AA');
	same('The Eiffel Tower', 'the Eiffel tower', 'THE EIFFEL TOWER');
	same('5 Apples', '5 apples');
});

test('what was cut off holds no final but a closed one', () => {
	assert.equal(parseFinal('So.\n<final>4', true), null);
	assert.equal(parseFinal('So.\n<final>42</final>\n<conf', true), '42');
	assert.equal(parseFinal('The answer is 4', true), null);
});

const letter = fc.constantFrom(...'ABCDEFGH');
const digits = fc.bigInt({min: -(10n ** 40n), max: 10n ** 40n}).map(String);

/**
Ways to write a number, an option, and a claim.
*/
const dressed = (value: fc.Arbitrary<string>, ways: readonly string[]) =>
	fc
		.tuple(value, fc.constantFrom(...ways))
		.map(([text, way]) => ({text, written: way.replace('_', () => text)}));

const claim = fc.constantFrom(
	'massless',
	'safe',
	'a prime',
	'larger than that',
	'guilty',
);

for (const [what, answer] of [
	[
		'numbers',
		dressed(digits, [
			'_',
			'**_**',
			'$_$',
			'The answer is _.',
			String.raw`\boxed{_}`,
		]),
	],
	[
		'options',
		dressed(letter, ['_', '(_)', 'Option _', '_) this one', 'Answer: _.']),
	],
	['claims', dressed(claim, ['_', '_.', '**_**'])],
] as const) {
	test(`different ${what} never share a form, and the same one does however it is written`, () => {
		fc.assert(
			fc.property(answer, answer, (one, other) => {
				assert.equal(
					canonicalFinal(one.written) === canonicalFinal(other.written),
					one.text === other.text,
				);
			}),
		);
	});
}

test('what is claimed and what is denied never share a form', () => {
	const ways = [
		'not _',
		'No, not _',
		'it is not _',
		'neither _ nor that',
		'never _',
	];
	fc.assert(
		fc.property(
			dressed(fc.oneof(claim, letter, digits), ['_', 'it is _', 'Yes, _']),
			dressed(fc.oneof(claim, letter, digits), ways),
			(claimed, denied) => {
				assert.notEqual(
					canonicalFinal(claimed.written),
					canonicalFinal(denied.written),
				);
			},
		),
	);
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
	same('No', 'no.', 'False!', 'No, it is not safe.');
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

test('an answer that stands alone says its final value', () => {
	assert.equal(
		standingAlone('Six by nine.\n<final>42</final>'),
		'Six by nine.\n\n42',
	);
	assert.equal(standingAlone('It is 42.\n<final>42</final>'), 'It is 42.');
	assert.equal(standingAlone('Of 420.\n<final>42</final>'), 'Of 420.\n\n42');
	assert.equal(standingAlone('Nothing.'), 'Nothing.');
});

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
	assert.equal(withoutClosing('<think>A plan.</think>\nSo.'), 'So.');
	assert.equal(withoutClosing('<think>A plan.</think>'), '');
	assert.equal(
		withoutClosing('As in <think>a</think>.'),
		'As in <think>a</think>.',
	);
});
