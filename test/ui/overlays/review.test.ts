import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {overlayWords} from '../../../source/ui/overlay-words.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {
	overlayLoaded,
	pressOverlay,
	type Overlay,
} from '../../../source/ui/overlays/overlay.js';
import {openIn, reviewOf} from '../../../source/ui/overlays/review.js';
import {type DoubtEntry} from '../../../source/ui/log-entries.js';
import {
	after,
	anyOverlayKey,
	requested,
	space,
	stepOf,
	told,
	wanted,
} from '../../helpers/overlays.js';
import {columnsIn} from '../../../source/ui/overlays/rows.js';

const doubt = (id: string, changes: Partial<DoubtEntry> = {}): DoubtEntry => ({
	id,
	reason: `Reason of ${id}.`,
	response: {
		model: 'luna',
		at: Date.UTC(2026, 1, 2),
		prompt: 'What is it?',
		text: 'It is a lake.',
	},
	proposals: [1, 2].map(iteration => ({
		role: 'member',
		iteration,
		instance: `luna#${iteration}`,
		evidence: ['the run asked this model'],
		score: 2.5,
		run: {consortium: 'trio', question: 'What is it?', at: 0},
	})),
	...changes,
});

const page = (count: number, from = 0, open = count) =>
	({
		kind: 'doubts',
		after: from === 0 ? null : `d${from - 1}`,
		entries: Array.from({length: count}, (_, index) =>
			doubt(`d${from + index}`),
		),
		open,
	}) as const;

const list = (count = 3) => told(reviewOf(), page(count));

const linesOf = (overlay: Overlay, columns = 80) =>
	faceOf(overlay, {...space, columns}).rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);

const decisions = (overlay: Overlay, ...chords: string[]) =>
	requested(stepOf(overlay, ...chords), 'decide-doubt').map(
		({id, choice}) => [id, choice] as const,
	);

test('a number or Enter accepts a proposal, n none of them, and the next one is picked', () => {
	assert.deepEqual(decisions(list(), '2'), [['d0', 1]]);
	assert.deepEqual(decisions(list(), 'enter'), [['d0', 0]]);
	assert.deepEqual(decisions(list(), 'right', 'enter'), [['d0', 1]]);
	assert.deepEqual(decisions(list(), 'right', 'down', 'enter'), [['d1', 0]]);
	assert.deepEqual(decisions(list(), 'n'), [['d0', null]]);
	assert.deepEqual(decisions(list(), '3'), [], 'there is no third');

	const next = after(list(), '1');
	assert.match(linesOf(next)[0]!, /^› Reason of d1/v);
	assert.equal(next.open, 2);
	assert.equal(faceOf(next, space).note, '1 of 2 · 1 decided');
});

test('what is skipped stays, and is marked', () => {
	const skipped = after(list(), 's');
	assert.match(linesOf(skipped)[0]!, /Reason of d0.*skipped/v);
	assert.match(linesOf(skipped)[1]!, /^› Reason of d1/v);
	assert.deepEqual(decisions(skipped, 'n'), [['d1', null]]);
});

test('u takes decisions back, the latest first, and picks what is open again', () => {
	const both = after(list(), '1', 'n');
	const step = stepOf(both, 'u');
	assert.deepEqual(step.requests, [{type: 'undo-decision', id: 'd1'}]);
	assert.match(linesOf(step.overlay!)[0]!, /^› Reason of d1/v);
	const again = stepOf(step.overlay!, 'u');
	assert.deepEqual(again.requests, [{type: 'undo-decision', id: 'd0'}]);
	assert.equal(stepOf(again.overlay!, 'u').requests, undefined);
});

test('what could not be decided, or taken back, is in its place again', () => {
	const failed = told(after(list(), '1'), {
		kind: 'doubt',
		id: 'd0',
		became: 'open',
	});
	assert.deepEqual([failed.open, failed.decided], [3, []]);
	assert.match(linesOf(failed)[0]!, /^› Reason of d0/v);

	const kept = told(after(list(), '1', 'u'), {
		kind: 'doubt',
		id: 'd0',
		became: 'decided',
	});
	assert.deepEqual([kept.open, kept.decided], [2, ['d0']]);
});

test('both sides are shown: what was answered, and where it may belong with what speaks for it', () => {
	for (const columns of [80, 120]) {
		const text = [list(), after(list(), 'end')]
			.flatMap(each => linesOf(each, columns))
			.join('\n');
		assert.match(text, /luna · 2026-02-0\d/v);
		assert.match(text, /› 1 {2}member · luna#1 · iteration 1 · score 2\.5/v);
		assert.match(text, /of trio, .*“What is it\?”/v);
		assert.match(text, /for it: the run asked this model/v);
		assert.match(text, /It is a lake\./v);
		assert.match(text, /> What is it\?/v);
	}
});

test('long and hostile texts scroll, and nothing of them leaves its row', () => {
	const text = `${'\u001B[31mred\u001B]0;x\u0007 \u202Ewords 日本\n'.repeat(500)}The end.`;
	const long = told(reviewOf(), {
		...page(1),
		entries: [
			doubt('d0', {
				reason: 'R\u001B[2J',
				response: {model: 'm\u001B[1m\n', at: null, prompt: text, text},
			}),
		],
	});

	for (const columns of [60, 80, 120]) {
		const {rows} = faceOf(long, {...space, columns});
		assert.ok(rows.every(row => columnsIn(row) <= columns - 2));
		assert.doesNotMatch(linesOf(long, columns).join('\n'), /[\u001B\u0007]/v);
	}

	assert.match(linesOf(after(long, 'end')).join('\n'), /The end\./v);
	assert.match(linesOf(long).join('\n'), /↓ \d+ more/v);
});

test('what is gone from the log is said to be, and nothing proposed can be put away', () => {
	const gone = told(reviewOf(), {
		...page(1),
		entries: [doubt('d0', {response: null, proposals: []})],
	});
	const text = linesOf(gone).join('\n');
	assert.match(text, /no longer in the log/v);
	assert.match(text, /n puts it away/v);
	assert.deepEqual(decisions(gone, 'enter'), []);
	assert.deepEqual(decisions(gone, 'n'), [['d0', null]]);
});

test('an empty list says so, and how runs are looked for', () => {
	assert.match(linesOf(list(0)).join('\n'), /Nothing is to be decided/v);
	assert.match(linesOf(after(list(1), 'n')).join('\n'), /logs backfill/v);
	assert.match(overlayWords(list(0), space.screen)!, /logs backfill/v);
	assert.match(overlayWords(list(2), space.screen)!, /^2 to be .*\/review/sv);
	assert.equal(overlayWords(reviewOf(), space.screen), null);
});

test('further ones are asked for when the end comes near, and none after the last', () => {
	const first = told(reviewOf(), page(20, 0, 25));
	assert.deepEqual(wanted(stepOf(first, 'down'), 'doubts'), []);

	const near = Array.from({length: 10}, () => 'down');
	const step = stepOf(first, ...near);
	assert.deepEqual(wanted(step, 'doubts'), [{kind: 'doubts', after: 'd19'}]);
	assert.deepEqual(wanted(stepOf(step.overlay!, 'down'), 'doubts'), []);

	const all = overlayLoaded(step.overlay!, page(5, 20, 25)).overlay!;
	assert.equal(all.type, 'review');
	assert.equal(openIn(all).length, 25);
	assert.deepEqual(wanted(stepOf(all, ...near), 'doubts'), []);
});

test('whatever is pressed, what is open and what is decided add up, and nothing is decided twice', () => {
	fc.assert(
		fc.property(fc.array(anyOverlayKey, {maxLength: 60}), all => {
			let review = list(8);
			const decided = new Set<string>();

			for (const key of all) {
				const {overlay, requests = []} = pressOverlay(review, key, space);

				for (const request of requests) {
					if (request.type === 'decide-doubt') {
						assert.ok(!decided.has(request.id));
						decided.add(request.id);
					} else if (request.type === 'undo-decision') {
						assert.ok(decided.delete(request.id));
					}
				}

				if (overlay?.type !== 'review') {
					return;
				}

				review = overlay;
				assert.equal(openIn(review).length + decided.size, 8);
				assert.equal(review.open, 8 - decided.size);
			}
		}),
	);
});
