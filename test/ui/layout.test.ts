import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {densities, layoutOf, type Wanted} from '../../source/ui/layout.js';
import {gap, pageOf} from '../../source/ui/grid-plan.js';

const wanted = fc.record<Wanted>({
	columns: fc.integer({min: 60, max: 400}),
	rows: fc.integer({min: 16, max: 120}),
	instances: fc.integer({min: 1, max: 256}),
	stage: fc.constantFrom('live', 'chat', 'zoom'),
	phase: fc.constantFrom('idle', 'members', 'arbiter', 'ended'),
	density: fc.constantFrom(null, ...densities),
	composerRows: fc.integer({min: 1, max: 40}),
	arbiterNeeds: fc.integer({min: 0, max: 1000}),
});

const live: Wanted = {
	columns: 120,
	rows: 40,
	instances: 3,
	stage: 'live',
	phase: 'members',
	density: null,
	composerRows: 2,
	arbiterNeeds: 1,
};

test('the bands follow each other and are as high as the screen, whatever is wanted', () => {
	fc.assert(
		fc.property(wanted, each => {
			const {bands} = layoutOf(each);
			let next = 0;

			for (const {top, rows} of Object.values(bands)) {
				assert.equal(top, next);
				assert.ok(Number.isSafeInteger(rows));
				assert.ok(rows >= 0);
				next += rows;
			}

			assert.equal(next, each.rows);
		}),
		{numRuns: 2000},
	);
});

test('every instance has a place in the grid that is free and on the screen, or is counted', () => {
	fc.assert(
		fc.property(
			wanted,
			fc.integer({min: 0, max: 255}),
			({instances, ...each}, any) => {
				const picked = any % instances;
				const {grid, bands} = layoutOf({...each, instances, stage: 'live'});
				assert.ok(grid);
				const {across, down, paneWidth, paneRows, taller, perPage} = grid;
				const footer = grid.hasFooter ? 1 : 0;
				const {from, to} = pageOf(grid, {instances, picked});

				assert.ok(across * paneWidth + gap * (across - 1) <= each.columns);
				assert.ok(down * paneRows + taller + footer <= bands.grid.rows);
				assert.ok(paneWidth > 0);
				assert.ok(paneRows > 0);
				assert.ok(taller < down || taller === 0);
				assert.ok(perPage <= across * down);
				assert.ok(from <= picked);
				assert.ok(picked < to);
				assert.ok(to - from <= perPage);
				assert.ok(to - from === instances || grid.hasFooter);
			},
		),
		{numRuns: 2000},
	);
});

test('the panes stay where they are during a run: only their heights change', () => {
	fc.assert(
		fc.property(
			wanted,
			fc.constantFrom('members', 'arbiter', 'ended'),
			fc.integer({min: 0, max: 1000}),
			(each, phase, arbiterNeeds) => {
				const one = layoutOf({...each, stage: 'live'}).grid!;
				const other = layoutOf({
					...each,
					stage: 'live',
					phase,
					arbiterNeeds,
				}).grid!;

				assert.equal(other.density, one.density);
				assert.equal(other.across, one.across);
				assert.equal(other.paneWidth, one.paneWidth);
				assert.ok(other.down === one.down || one.density === 'rows');
			},
		),
		{numRuns: 2000},
	);
});

test('a strip has a place for every instance, or counts those that have none', () => {
	fc.assert(
		fc.property(wanted, ({instances, ...each}) => {
			const {strip, bands} = layoutOf({...each, instances, stage: 'chat'});
			assert.ok(strip);
			const {across, down, cellWidth, perPage, hasCount} = strip;

			assert.ok(down <= bands.strip.rows);
			assert.ok(bands.strip.rows <= 3);
			assert.ok(across * cellWidth + gap * (across - 1) <= each.columns);
			assert.ok(
				Math.min(perPage, instances) + (hasCount ? 1 : 0) <= across * down,
			);
			assert.ok(perPage >= instances || hasCount);
		}),
		{numRuns: 2000},
	);
});

test('the space decides the density', () => {
	const densityAt = (columns: number, rows: number, instances: number) =>
		layoutOf({...live, columns, rows, instances}).grid!.density;

	assert.equal(densityAt(120, 40, 1), 'focus');
	assert.equal(densityAt(120, 40, 3), 'columns');
	assert.equal(densityAt(80, 24, 3), 'cards');
	assert.equal(densityAt(200, 50, 32), 'cards');
	assert.equal(densityAt(120, 40, 64), 'rows');
	assert.equal(densityAt(60, 16, 64), 'rows');
});

test('a density that was chosen is kept where it fits, else the next denser one is taken', () => {
	const chosen = (density: Wanted['density'], changes: Partial<Wanted> = {}) =>
		layoutOf({...live, density, ...changes}).grid!.density;

	assert.deepEqual(
		densities.map(density => chosen(density)),
		densities,
	);
	assert.equal(chosen('columns', {columns: 60}), 'cards');
	assert.equal(chosen('columns', {columns: 60, instances: 64}), 'rows');
});

test('the arbiter has what it needs while members speak, and the larger part while it speaks', () => {
	const rowsOf = (changes: Partial<Wanted>) =>
		layoutOf({...live, ...changes}).bands;
	const members = rowsOf({arbiterNeeds: 3});
	const speaking = rowsOf({arbiterNeeds: 3, phase: 'arbiter'});

	assert.equal(members.arbiter.rows, 3);
	assert.ok(speaking.arbiter.rows > speaking.grid.rows);
	assert.ok(speaking.grid.rows >= 3);
	assert.ok(rowsOf({arbiterNeeds: 1000}).arbiter.rows < 20);
});

test('without instances the conversation has the space', () => {
	const {bands, grid, strip} = layoutOf({...live, instances: 0});
	assert.equal(bands.transcript.rows, 37);
	assert.equal(grid, null);
	assert.equal(strip, null);
});
