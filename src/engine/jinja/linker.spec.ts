import { failureOf, render } from './testing';

const files: Readonly<Record<string, string>> = {
  inc: '[{{ x }}{{ loc }}]',
  mod: '{% macro hi(n) %}Hi {{ n }}{{ x }}{% endmacro %}{% set v = 5 %}{% set _p = 1 %}text',
  modctx: '{% macro hi() %}{{ x }}{{ loc }}{% endmacro %}',
  lst: '{% set items = [1] %}',
  base: 'A{% block a %}base-a{% endblock %}B{% block b %}base-b{{ x }}{% endblock %}C',
  child: '{% extends "base" %}{% block a %}child-{{ super() }}{% endblock %}ignored',
  req: '{% block r required %}{% endblock %}',
  loopinc: '{{ loop.index }}',
  deep: '{% include "inc" %}',
  self: '{% include "self" %}',
  md: '{{ md5("a") }}',
  setter: '{% set q = 1 %}',
  bad: '{% if %}',
  run: '{{ undefinedx.y }}',
  impglob: '{% set r = range(2)|list %}{% macro g() %}{{ r }}{% endmacro %}',
};

/** A template that uses others, and what Jinja 3.1 prints for it. */
const printed: readonly (readonly [template: string, output: string])[] = [
  ['{% include "inc" %}', '[X]'],
  ['{% set loc = 1 %}{% include "inc" %}', '[X1]'],
  ['{% for loc in l %}{% include "inc" %}{% endfor %}', '[X1][X2]'],
  ['{% include "inc" without context %}', '[]'],
  ['{% include name %}', '[X]'],
  ['{% include ["nope","inc"] %}', '[X]'],
  ['{% include ["nope"] ignore missing %}|', '|'],
  ['{% include "nope" ignore missing %}|', '|'],
  ['{% include "nope" ignore missing with context %}|', '|'],
  ['{% with loc = 9 %}{% include "deep" %}{% endwith %}', '[X9]'],
  ['{% macro m(loc) %}{% include "inc" %}{% endmacro %}{{ m(3) }}', '[X3]'],
  ['{% include "md" %}', '0cc175b9c0f1b6a831c399e269772661'],
  ['{% include "setter" %}{{ q }}', ''],
  ['{% import "mod" as m %}{{ m.hi("a") }}{{ m.v }}{{ m._p }}{{ m.nope }}', 'Hi a5'],
  ['{% import "mod" as m %}{{ m }}', 'text'],
  ['{% import "mod" as m with context %}{{ m.hi("b") }}', 'Hi bX'],
  ['{% from "mod" import hi %}{{ hi("a") }}', 'Hi a'],
  ['{% from "mod" import hi as h, v %}{{ h("a") }}{{ v }}', 'Hi a5'],
  ['{% from "mod" import nope %}{{ nope is defined }}', 'False'],
  ['{% from "modctx" import hi with context %}{{ hi() }}', 'X'],
  ['{% set loc = 4 %}{% from "modctx" import hi with context %}{{ hi() }}', 'X4'],
  ['{% from "modctx" import hi %}{{ hi() }}', ''],
  ['{% from "lst" import items %}{% set _ = items.append(2) %}{{ items }}', '[1, 2]'],
  [
    '{% from "lst" import items %}{% from "lst" import items as i2 %}{% set _ = items.append(2) %}{{ items }}{{ i2 }}',
    '[1, 2][1]',
  ],
  ['{% from "impglob" import g, r %}{{ g() }}{{ r }}', '[0, 1][0, 1]'],
  ['{% if true %}{% from "mod" import v %}{% endif %}{{ v }}', '5'],
  ['{% for q in l %}{% from "mod" import v %}{{ v }}{% endfor %}{{ v }}', '55'],
  ['{% macro z() %}{% from "mod" import v %}{{ v }}{% endmacro %}{{ z() }}', '5'],
  ['{% from "md" import nothing %}x', 'x'],
  ['{% import "md" as m %}{{ m }}', '0cc175b9c0f1b6a831c399e269772661'],
  [
    '{{ self._TemplateReference__context.resolve("v") }}{% from "mod" import v %}{{ self._TemplateReference__context.resolve("v") }}',
    '5',
  ],
  ['{% extends "base" %}', 'Abase-aBbase-bXC'],
  ['{% extends "base" %}{% block a %}new{% endblock %}', 'AnewBbase-bXC'],
  ['{% extends "child" %}', 'Achild-base-aBbase-bXC'],
  ['{% extends "child" %}{% block a %}g-{{ super() }}{% endblock %}', 'Ag-child-base-aBbase-bXC'],
  ['{% extends "child" %}{% block a %}{{ super.super() }}{% endblock %}', 'Abase-aBbase-bXC'],
  ['before{% extends "base" %}after{{ undefinedx.y }}', 'beforeAbase-aBbase-bXC'],
  ['{% extends "base" %}{% set x = "Z" %}', 'Abase-aBbase-bZC'],
  ['{% if false %}{% extends "base" %}{% endif %}shown', 'shown'],
  ['{% if true %}{% extends "base" %}{% endif %}hidden', 'Abase-aBbase-bXC'],
  ['{% extends "req" %}{% block r %}ok{% endblock %}', 'ok'],
  ['{% extends "base" %}{% block a %}{{ self.b() }}{% endblock %}', 'Abase-bXBbase-bXC'],
  ['{% block o %}{% block i %}in{% endblock %}out{% endblock %}', 'inout'],
  ['{% block o %}{% set w = 1 %}{{ w }}{% endblock %}{{ w }}', '1'],
  ['{% block o %}{{ x }}{% for q in l %}{{ loop.index }}{% endfor %}{% endblock %}', 'X12'],
  ['{% block o %}{% include "inc" %}{% endblock o %}', '[X]'],
  ['{% extends name %}', '[X]'],
  ['{% block o %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endblock %}', 'X'],
  ['{% macro m() %}M{% endmacro %}{% block o %}{{ m() }}{% endblock %}', 'M'],
];

const failing: readonly (readonly [template: string, detail: string])[] = [
  ['{% include ["nope","nada"] %}', 'none of the templates given were found: nope, nada'],
  ['{% include "nope" %}', "the template 'nope' was not found"],
  ['{% include undefinedx %}', "'undefinedx' is undefined"],
  ['{% for q in l %}{% include "loopinc" %}{% endfor %}', "'loop' is undefined"],
  ['{% include "self" %}', 'more than 50 templates in one another'],
  ['{% include "bad" %}', 'Expected an expression, got end of statement block'],
  ['{% include "run" %}', "'undefinedx' is undefined"],
  ['{% include "run" ignore missing %}', "'undefinedx' is undefined"],
  ['{% from "mod" import nope %}{{ nope.x }}', "the template 'mod' does not export the requested name 'nope'"],
  ['{% import "nope" as n %}', "the template 'nope' was not found"],
  ['{% extends "base" %}{% extends "base" %}', 'extended multiple times'],
  ['{% for q in l %}{% extends "base" %}{% endfor %}', 'cannot use extend from a non top-level scope'],
  ['{% extends "req" %}', "Required block 'r' not found"],
  ['{% block a %}{{ super() }}{% endblock %}', "there is no parent block called 'a'."],
  ['{% block a-b %}{% endblock %}', "expected end of statement block, got '-'"],
];

describe('include, import, extends and blocks', () => {
  it.each(printed)('renders %j as Jinja does', (template, output) => {
    expect(render(template, { x: 'X', l: [1, 2], name: 'inc' }, files)).toBe(output);
  });

  it.each(failing)('refuses %j', (template, detail) => {
    expect(failureOf(template, { x: 'X', l: [1, 2], name: 'inc' }, files).detail).toBe(detail);
  });
});
