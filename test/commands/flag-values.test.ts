import assert from 'node:assert/strict';
import {test} from 'node:test';
import {limitOf, pairsOf} from '../../source/commands/flag-values.js';

for (const [pairs, expected] of [
	[[], {}],
	[['a=1', 'b=0.5'], {a: 1, b: 0.5}],
	[['a=true', 'b=null', 'c=True'], {a: true, b: null, c: 'True'}],
	[['a=hello', 'b="x y"', "c='x'"], {a: 'hello', b: 'x y', c: "'x'"}],
	[['a=[1,2]', 'b={"k":1}', 'c=[1,'], {a: [1, 2], b: {k: 1}, c: '[1,'}],
	[['a=b=c', 'b='], {a: 'b=c', b: ''}],
	[[' a = 1 '], {a: 1}],
	[['a=1', 'b=x', 'a=y'], {a: [1, 'y'], b: 'x'}],
	[['a=[1]', 'a=2'], {a: [[1], 2]}],
	[['a=007', 'b=NaN', 'c=1e3'], {a: '007', b: 'NaN', c: 1000}],
	[['rôle=é'], {rôle: 'é'}],
] as const) {
	test(`the pairs ${JSON.stringify(pairs)} are read`, () => {
		assert.deepEqual(pairsOf(pairs, '--strategy-param'), expected);
	});
}

test('a key of any name is a key of its own', () => {
	const read = pairsOf(['__proto__=1'], '--strategy-param');

	assert.deepEqual(Object.keys(read), ['__proto__']);
});

test('a list is twenty long, as long as asked, or endless', () => {
	assert.equal(limitOf(undefined), 20);
	assert.equal(limitOf('3'), 3);
	assert.equal(limitOf('0'), -1);
	assert.throws(() => limitOf('-1'), {name: 'UserError'});
});
