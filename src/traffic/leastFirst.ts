/** A binary heap of numbers, the least first: times at which busy environments become idle, or places that are free. */
export class LeastFirst {
  private values = new Float64Array(256);
  size = 0;

  /** Infinity where there is none. */
  get least(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.values[0] as number);
  }

  clear(): void {
    this.size = 0;
  }

  add(value: number): void {
    if (this.size === this.values.length) {
      const larger = new Float64Array(2 * this.size);
      larger.set(this.values);
      this.values = larger;
    }
    const { values } = this;
    let place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = values[parent] as number;
      if (above <= value) break;
      values[place] = above;
      place = parent;
    }
    values[place] = value;
  }

  removeLeast(): number {
    const { values } = this;
    const first = values[0] as number;
    const last = values[--this.size] as number;
    const { size } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && (values[child + 1] as number) < (values[child] as number)) child++;
      const below = values[child] as number;
      if (below >= last) break;
      values[place] = below;
      place = child;
    }
    if (size > 0) values[place] = last;
    return first;
  }
}
