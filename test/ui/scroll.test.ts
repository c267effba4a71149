import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	scrolled,
	windowOf,
	type Scroll,
	type ScrollBy,
} from '../../source/ui/scroll.js';

const extent = {total: 100, visible: 10};
const end: Scroll = {top: null};

test('a view that follows shows the end', () => {
	assert.deepEqual(windowOf(end, extent), {
		from: 90,
		to: 100,
		above: 90,
		below: 0,
	});
	assert.deepEqual(windowOf(end, {total: 3, visible: 10}), {
		from: 0,
		to: 3,
		above: 0,
		below: 0,
	});
});

test('a scrolled view stays where it is when lines are added', () => {
	const up = scrolled(end, 'line-up', extent);

	assert.deepEqual(up, {top: 89});

	const {from, below} = windowOf(up, {total: 150, visible: 10});

	assert.equal(from, 89);
	assert.equal(below, 51);
});

for (const [by, from, to] of [
	['line-up', 50, 49],
	['line-down', 50, 51],
	['page-up', 50, 41],
	['page-down', 50, 59],
	['start', 50, 0],
	['end', 50, null],
	['line-up', 0, 0],
	['page-up', 4, 0],
	['line-down', 89, null],
	['page-down', 85, null],
	['page-up', null, 81],
	['start', null, 0],
	['line-down', null, null],
] as const) {
	test(`${by} from ${from ?? 'the end'} goes to ${to ?? 'the end'}`, () => {
		assert.deepEqual(scrolled({top: from}, by, extent), {top: to});
	});
}

test('what fits is never scrolled', () => {
	for (const by of ['line-up', 'page-up', 'start', 'end'] as const) {
		assert.deepEqual(scrolled(end, by, {total: 10, visible: 10}), end);
	}
});

const moves = fc.array(
	fc.constantFrom<ScrollBy>(
		'line-up',
		'line-down',
		'page-up',
		'page-down',
		'start',
		'end',
	),
);

test('no move leads out of the text, also when it shrinks', () => {
	fc.assert(
		fc.property(
			moves,
			fc.nat({max: 60}),
			fc.nat({max: 60}),
			fc.nat({max: 20}),
			(path, before, after, visible) => {
				let scroll = end;

				for (const [index, by] of path.entries()) {
					const total = index % 3 === 2 ? after : before;
					scroll = scrolled(scroll, by, {total, visible});
				}

				const {from, to, above, below} = windowOf(scroll, {
					total: after,
					visible,
				});

				assert.ok(from >= 0);
				assert.ok(to <= after);
				assert.equal(to - from, Math.min(visible, after));
				assert.equal(above + (to - from) + below, after);
			},
		),
	);
});
