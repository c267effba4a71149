import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readConsortium} from '../../../source/core/consortium-config.js';
import {
	memoryModes,
	stopPolicies,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {fieldAt, formOf, type Form} from '../../../source/ui/overlays/form.js';
import {fieldsOf} from '../../../source/ui/overlays/form-fields.js';
import {
	overlayLoaded,
	pressOverlay,
} from '../../../source/ui/overlays/overlay.js';
import {type Check} from '../../../source/ui/services.js';
import {
	after,
	anyOverlayKey,
	choices,
	demo,
	models,
	requested,
	solo,
	space,
	stepOf,
	told,
	trio,
	typed,
	wanted,
} from '../../helpers/overlays.js';

/**
The form with the keys in the field of this label.
*/
function at(form: Form, label: string): Form {
	const fields = fieldsOf(form.draft);
	const to = fields.findIndex(field => field.label.trim() === label);
	assert.notEqual(to, -1, label);
	const from = fields.findIndex(({id}) => id === form.at);
	const chord = to < from ? 'up' : 'down';
	let now = form;

	// A field of several lines takes arrows for itself.
	while (fieldAt(now).id !== fields[to]!.id) {
		now = after(now, chord === 'down' ? 'tab' : 'shift+tab');
	}

	return now;
}

/**
The form with another text in a field.
*/
const filled = (form: Form, label: string, text: string): Form =>
	typed(after(at(form, label), 'ctrl+end', ...clearing), text);
const clearing = Array.from({length: 60}, () => 'backspace');

const saved = (form: Form): SavedConsortium => {
	const [save, ...others] = requested(stepOf(form, 'ctrl+s'), 'save');
	assert.ok(save);
	assert.deepEqual(others, []);
	return save.consortium;
};

const mistakesIn = ({reading}: Form) => reading.mistakes.values().toArray();
const ready = (consortium = trio, replaces: string | null = consortium.name) =>
	told(
		formOf(consortium, replaces),
		{kind: 'consortiums', choices},
		{kind: 'models', models},
	);

test('a form that is left as it is saves what it was made of', () => {
	const step = stepOf(ready(), 'ctrl+s');
	assert.deepEqual(step.requests, [
		{type: 'save', consortium: trio, replaces: 'trio'},
	]);
	assert.equal(stepOf(ready(), 'escape').overlay, null);
});

const name = fc.stringMatching(/^[a-z][\w.-]{0,10}$/);
const anyConsortium = fc
	.record({
		name,
		members: fc.uniqueArray(
			fc.record(
				{
					slot: name,
					model: fc.constantFrom(
						'gpt-4o',
						'ollama/llama3:8b',
						'x:7',
						'a?b',
						' b ',
					),
					count: fc.integer({min: 1, max: 9}),
					options: fc.dictionary(
						fc.constantFrom('temperature', 'effort'),
						fc.oneof(
							fc.double({noNaN: true, noDefaultInfinity: true}),
							fc.string(),
						),
					),
					system: fc.string({unit: 'grapheme'}),
					role: fc.constantFrom('critic', ' x\n'),
					weight: fc.double({min: 0, max: 10, noNaN: true}),
				},
				{requiredKeys: ['slot', 'model', 'count']},
			),
			{selector: ({slot}) => slot, minLength: 1, maxLength: 4},
		),
		arbiters: fc.constantFrom([], [{model: 'o:3', options: {effort: 'high'}}]),
		confidenceThreshold: fc.double({min: 0, max: 1, noNaN: true}),
		minIterations: fc.integer({min: 1, max: 3}),
		maxIterations: fc.integer({min: 3, max: 1000}),
		memory: fc.constantFrom(...memoryModes),
		stop: fc.constantFrom(...stopPolicies),
		system: fc.oneof(
			fc.constant(null),
			fc.string({unit: 'binary'}),
			fc.constant('a\tb\r\n'),
		),
		limits: fc.record({
			budgetUsd: fc.oneof(
				fc.constant(null),
				fc.double({min: 1e-9, max: 1e6, noNaN: true}),
			),
			timeoutSeconds: fc.double({min: 0.001, max: 604_800, noNaN: true}),
		}),
	})
	.map(readConsortium);

test('what is not touched comes back as it was, to the last digit', () => {
	fc.assert(
		fc.property(anyConsortium, consortium => {
			const form = formOf(consortium, consortium.name);
			assert.deepEqual(saved(form), consortium);
			assert.equal(stepOf(form, 'escape').overlay, null);

			// Also when something else is.
			const changed = filled(form, 'at most', '1000');
			assert.deepEqual(saved(changed), {...consortium, maxIterations: 1000});
		}),
	);
});

test('what is typed into each field is what is saved', () => {
	fc.assert(
		fc.property(
			fc.record({
				called: name,
				model: fc.stringMatching(/^[a-z]\w{0,8}(\/[a-z]\w{0,8})?$/),
				count: fc.integer({min: 2, max: 9}),
				percent: fc.integer({min: 0, max: 100}),
				least: fc.integer({min: 1, max: 9}),
				more: fc.integer({min: 0, max: 9}),
				cents: fc.integer({min: 1, max: 10_000}),
				seconds: fc.integer({min: 1, max: 9999}),
			}),
			({called, model, count, percent, least, more, cents, seconds}) => {
				const texts = {
					name: called,
					'member 1': `${model}:${count}?temperature=0.5`,
					arbiter: model,
					threshold: `${percent}%`,
					'at least': String(least),
					'at most': String(least + more),
					system: 'Think.',
					'budget $': String(cents / 100),
					'timeout s': String(seconds),
				};
				const form = Object.entries(texts).reduce(
					(now, [label, text]) => filled(now, label, text),
					formOf(solo, 'solo'),
				);
				const consortium = saved(form);
				assert.deepEqual(readConsortium(consortium), consortium);
				assert.deepEqual(
					consortium,
					readConsortium({
						name: called,
						members: [`${model}:${count}?temperature=0.5`],
						arbiter: model,
						confidenceThreshold: percent / 100,
						minIterations: least,
						maxIterations: least + more,
						system: 'Think.',
						limits: {budgetUsd: cents / 100, timeoutSeconds: seconds},
					}),
				);
			},
		),
		{numRuns: 30},
	);
});

test('whatever is pressed, a form without a mistake saves what can be read', () => {
	const reached = {valid: 0, invalid: 0, closed: 0};

	fc.assert(
		fc.property(
			anyConsortium,
			fc.array(anyOverlayKey, {maxLength: 60}),
			(consortium, keys) => {
				let form = told(formOf(consortium, consortium.name), {
					kind: 'models',
					models,
				});

				for (const key of keys) {
					const {overlay} = pressOverlay(form, key, space);

					if (overlay?.type !== 'form') {
						reached.closed++;
						break;
					}

					form = overlay;
				}

				const {consortium: read, mistakes} = form.reading;
				assert.equal(read === null, mistakes.size > 0);
				assert.ok(fieldsOf(form.draft).some(({id}) => id === form.at));

				if (read) {
					reached.valid++;
					assert.deepEqual(readConsortium(read), read);
				} else {
					reached.invalid++;
					const ids = fieldsOf(form.draft).map(({id}) => id);
					const open = ids.filter(id => mistakes.has(id));
					const step = stepOf(form, 'ctrl+s');
					assert.deepEqual(requested(step, 'save'), []);
					assert.ok(
						open.length === 0 ||
							(step.overlay?.type === 'form' && open.includes(step.overlay.at)),
					);
				}
			},
		),
		{numRuns: 300},
	);

	assert.ok(reached.valid > 20, String(reached.valid));
	assert.ok(reached.invalid > 20, String(reached.invalid));
});

test('a mistake is said under its field while it is typed', () => {
	for (const [label, text, sentence] of [
		['name', '', /needs a name/],
		['name', 'my trio', /cannot be called "my trio"/],
		['member 1', ':', /does not name a model/],
		['member 1', 'a?x', /not an option/],
		['member 1', '', /does not name a model/],
		['arbiter', 'a:2', /2 arbiters sit in a panel only/],
		['threshold', '1.5', /such as 0.8, 80 or 80%, not "1.5"/],
		['at least', '0', /from 1 to 1000, not "0"/],
		['at least', '9', /less than at least 9/],
		['at most', '2.5', /whole number/],
		['budget $', '0', /above 0/],
		['timeout s', '', /takes a number/],
		['weight', '-1', /from 0/],
	] as const) {
		const form = filled(ready(), label, text);
		assert.equal(mistakesIn(form).length, 1, label);
		assert.match(mistakesIn(form)[0]!, sentence);
		const step = stepOf(form, 'ctrl+s');
		assert.deepEqual(step.requests ?? [], []);
		assert.ok(form.reading.mistakes.has((step.overlay as Form).at), label);
	}
});

test('too many instances are a mistake of all members', () => {
	const many = ['b', 'c', 'd', 'e', 'f'].reduce(
		(form, model) => typed(after(form, 'ctrl+n'), `${model}:64`),
		at(ready(), 'member 2'),
	);
	assert.match(mistakesIn(many)[0]!, /256/);
	assert.ok(many.reading.mistakes.has('add'));
});

test('what may be empty may be emptied', () => {
	const form = ['arbiter', 'budget $', 'weight'].reduce(
		(now, label) => filled(now, label, ''),
		ready(),
	);
	const consortium = saved(form);
	assert.deepEqual(consortium.arbiters, []);
	assert.equal(consortium.limits.budgetUsd, null);
	assert.equal(consortium.members[1]!.weight, undefined);
	assert.equal(consortium.members[1]!.system, 'Doubt.\nAlways.');
});

test('members are added, removed and moved', () => {
	const names = (form: Form) => saved(form).members.map(({model}) => model);
	const first = at(ready(), 'member 1');

	assert.deepEqual(names(typed(after(first, 'ctrl+n'), 'x/new')), [
		'gpt-6-luna',
		'x/new',
		'claude-opus-5-5',
	]);
	assert.deepEqual(names(after(first, 'ctrl+x')), ['claude-opus-5-5']);
	assert.deepEqual(names(after(first, 'alt+down', 'alt+down')), [
		'claude-opus-5-5',
		'gpt-6-luna',
	]);
	assert.deepEqual(names(after(first, 'alt+up')), names(ready()));

	// Another order is a change too.
	assert.equal(
		stepOf(after(first, 'alt+down'), 'escape').overlay?.type,
		'confirm',
	);

	const place = fieldsOf(first.draft).findIndex(({kind}) => kind === 'add');
	const onAdd = after(first, ...Array.from({length: place - 1}, () => 'tab'));
	assert.equal(fieldAt(onAdd).kind, 'add');
	assert.equal(names(typed(after(onAdd, 'enter'), 'last')).at(-1), 'last');
});

test('without members there is nothing to save', () => {
	const none = after(at(ready(solo), 'member 1'), 'ctrl+x');
	assert.match(mistakesIn(none)[0]!, /at least one member/);
	assert.equal(fieldAt(none).kind, 'add');
	assert.equal(saved(typed(after(none, 'enter'), 'x')).members.length, 1);
});

test('a member keeps its slot while it is the same model, or when a person named it', () => {
	const slots = (form: Form) => saved(form).members.map(({slot}) => slot);
	assert.deepEqual(slots(filled(ready(), 'member 1', 'gpt-6-luna:5')), [
		'gpt-6-luna',
		'claude-opus-5-5',
	]);
	assert.deepEqual(slots(filled(ready(), 'member 1', 'x/other')), [
		'other',
		'claude-opus-5-5',
	]);
	const named = readConsortium({
		name: 'named',
		members: [{slot: 'critic', model: 'a'}],
	});
	assert.deepEqual(slots(filled(ready(named), 'member 1', 'b')), ['critic']);
});

test('what belongs to a member can be shown, and has its own fields', () => {
	const labels = (form: Form) => fieldsOf(form.draft).map(({label}) => label);
	const first = at(ready(solo), 'member 1');
	assert.ok(!labels(first).includes('  role'));
	const open = after(first, 'ctrl+o');
	assert.ok(labels(open).includes('  role'));
	assert.equal(
		saved(filled(open, 'role', 'critic')).members[0]!.role,
		'critic',
	);
	assert.deepEqual(labels(after(open, 'ctrl+o')), labels(first));
});

test('choices are turned by arrows and Space, around both ends', () => {
	const stop = at(ready(), 'stop');
	assert.equal(saved(after(stop, 'right')).stop, 'both');
	assert.equal(saved(after(stop, ' ', ' ')).stop, 'confidence');
	assert.equal(saved(after(stop, 'left')).stop, 'arbiter');
	assert.equal(saved(after(at(ready(), 'memory'), 'right')).memory, 'lean');
	assert.equal(saved(after(at(ready(), 'judging'), 'right')).judging, 'rank');
});

test('parameters of several strategies are told apart, and their choices are turned by arrows', () => {
	const form = filled(ready(), 'strategy', 'voting,quorum');
	const labels = new Set(fieldsOf(form.draft).map(({label}) => label.trim()));
	assert.ok(labels.has('voting.threshold'));
	assert.ok(labels.has('quorum.grace'));

	const rule = at(form, 'voting.rule');
	assert.equal(fieldAt(rule).hint, 'majority');
	assert.equal(
		saved(after(rule, 'right')).strategies[0]!.params['rule'],
		'plurality',
	);
	assert.equal(
		saved(after(rule, 'left')).strategies[0]!.params['rule'],
		'confidence',
	);
});

test('a text of several lines is written with Ctrl+J or in the editor', () => {
	const system = typed(after(at(ready(), 'system'), 'ctrl+end'), 'a');
	const two = typed(after(system, 'ctrl+j'), 'b');
	assert.equal(
		saved(at(two, 'timeout s')).members[1]!.system,
		'Doubt.\nAlways.a\nb',
	);

	const all = typed(after(filled(ready(solo), 'system', ''), 'ctrl+j'), 'x');
	const [what] = wanted(stepOf(all, 'ctrl+g'), 'edited');
	assert.deepEqual(what, {kind: 'edited', text: '\nx'});
	assert.equal(
		saved(told(all, {kind: 'edited', before: '\nx', text: 'new\n'})).system,
		'new',
	);
	assert.equal(
		saved(told(all, {kind: 'edited', before: 'other', text: 'new'})).system,
		'x',
	);
	assert.deepEqual(told(all, {kind: 'edited', before: '\nx', text: null}), all);
	assert.deepEqual(wanted(stepOf(ready(), 'ctrl+g'), 'edited'), []);
});

test('a model is completed by Tab, with its count and options kept', () => {
	const texts = (form: Form) => form.draft.texts[form.at]!.text;
	const typing = filled(ready(), 'member 1', 'flash');
	assert.equal(texts(after(typing, 'tab')), 'gemini-3.8-flash');

	const two = filled(ready(), 'arbiter', 'gpt');
	assert.equal(texts(after(two, 'tab')), 'gpt-6-luna');
	assert.equal(texts(after(two, 'tab', 'tab')), 'gpt-6.1-sol');
	assert.equal(texts(after(two, 'tab', 'tab', 'tab')), 'gpt-6-luna');
	assert.equal(texts(after(two, 'shift+tab')), 'gpt-6.1-sol');

	const counted = filled(ready(), 'member 1', 'luna:2?effort=high');
	assert.equal(texts(after(counted, 'tab')), 'gpt-6-luna:2?effort=high');
	const tagged = filled(ready(), 'member 1', 'ollama/llama3:8');
	assert.equal(texts(after(tagged, 'tab')), 'ollama/llama3:8b');
});

test('Tab goes on where there is nothing to complete', () => {
	const whole = filled(ready(), 'arbiter', 'gpt-6-luna');
	assert.equal(fieldAt(after(whole, 'tab')).id, 'strategy');
	const unknown = filled(ready(), 'arbiter', 'zzzz');
	assert.equal(fieldAt(after(unknown, 'tab')).id, 'strategy');
	const left = after(filled(ready(), 'arbiter', 'gpt'), 'escape');
	assert.equal(fieldAt(after(left, 'tab')).id, 'strategy');
});

test('each new consortium without a mistake is checked, and late answers are ignored', () => {
	const form = at(ready(), 'at most');
	const step = stepOf(form, '0');
	const [first] = wanted(step, 'check');
	assert.equal(first?.consortium.maxIterations, 30);
	assert.deepEqual(wanted(stepOf(form, 'x'), 'check'), []);
	assert.deepEqual(wanted(stepOf(form, 'right'), 'check'), []);

	const check: Check = {problems: ['x'], warnings: [], forecast: null};
	const next = stepOf(step.overlay!, '0').overlay as Form;
	const late = {kind: 'check', check, consortium: first.consortium} as const;
	assert.equal(told(next, late).check, null);
	assert.equal(told(step.overlay as Form, late).check, check);
});

test('another name changes nothing about the check', () => {
	const check: Check = {problems: [], warnings: ['x'], forecast: null};
	const form = told(ready(), {kind: 'check', consortium: trio, check});
	const step = stepOf(form, 's');
	assert.deepEqual(wanted(step, 'check'), []);
	assert.equal((step.overlay as Form).check, check);
});

test('leaving what was changed asks first, and a no goes on with it', () => {
	const changed = typed(ready(), 's');
	const question = stepOf(changed, 'escape').overlay;
	assert.equal(question?.type, 'confirm');
	assert.deepEqual(stepOf(question, 'enter').overlay, changed);
	assert.deepEqual(stepOf(question, 'escape').overlay, changed);
	assert.deepEqual(stepOf(question, 'y'), {overlay: null, requests: []});
	assert.equal(stepOf(after(changed, 'backspace'), 'escape').overlay, null);
});

test('a form behind a question still hears what it asked for', () => {
	const question = stepOf(typed(formOf(trio, 'trio'), 's'), 'escape').overlay!;
	const {overlay} = overlayLoaded(question, {kind: 'models', models});
	const back = stepOf(overlay!, 'n').overlay;
	assert.equal(back?.type === 'form' && back.models, models);
});

test('a name that is taken is overwritten only after a yes', () => {
	const copy = filled(ready(trio, null), 'name', 'solo');
	const step = stepOf(copy, 'ctrl+s');
	assert.deepEqual(step.requests ?? [], []);
	assert.equal(step.overlay?.type, 'confirm');
	const back = stepOf(step.overlay, 'n').overlay;
	assert.deepEqual(back?.type === 'form' && back.draft, copy.draft);
	const yes = stepOf(step.overlay, 'y');
	assert.deepEqual(yes.requests, [
		{type: 'save', consortium: {...trio, name: 'solo'}, replaces: 'solo'},
	]);
	assert.equal(yes.overlay?.type, 'form');
});

test('another name renames what is saved', () => {
	const step = stepOf(filled(ready(), 'name', 'quartet'), 'ctrl+s');
	assert.deepEqual(step.requests, [
		{type: 'save', consortium: {...trio, name: 'quartet'}, replaces: 'trio'},
	]);
});

test('the name of the built-in one cannot be taken', () => {
	const step = stepOf(filled(ready(), 'name', demo.name), 'ctrl+s');
	assert.deepEqual(step.requests ?? [], []);
	assert.match((step.overlay as Form).remark, /demo is built in/);
});

test('the form stays until what it saves is there', () => {
	const saving = stepOf(filled(ready(), 'at most', '7'), 'ctrl+s').overlay!;
	const list = (consortium: SavedConsortium) =>
		overlayLoaded(saving, {
			kind: 'consortiums',
			choices: [{kind: 'saved', consortium, isDefault: false}],
		}).overlay;

	assert.equal(list(trio)?.type, 'form');
	assert.equal(list({...trio, maxIterations: 7}), null);
	// A key after a failure is a key in the form again.
	const again = stepOf(saving, 'left').overlay as Form;
	assert.equal(again.saving, null);
});

test('a new consortium begins with an empty member', () => {
	const blank = {...solo, name: '', members: []};
	const form = formOf(blank, null);
	assert.equal(mistakesIn(form).length, 2);
	const done = filled(filled(form, 'name', 'fresh'), 'member 1', 'gpt-4o:2');
	assert.deepEqual(
		saved(done),
		readConsortium({name: 'fresh', members: ['gpt-4o:2']}),
	);
});
