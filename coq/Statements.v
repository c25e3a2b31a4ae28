(* Written by hand, not generated: what the exported theorems must say. *)
From LstmSym Require Import Tactics.
Open Scope R_scope.

(* ||diag(phi'(a[T])) W ... diag(phi'(a[t+1])) W|| <= (gamma ||W||)^(T - t) *)
Definition rnn_jacobian_bound : Prop :=
  forall (n : nat) (p : kind) (T t : Z) (gamma : R) (W : mat n n) (phi' : Z -> mat n 1),
  0 <= gamma ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> within (phi' k) (- 1 * gamma) gamma) ->
  (0 <= T - t)%Z ->
  norm p (descending (t + 1) T (fun k => mul (diag (phi' k)) W)) <= powZ (gamma * norm p W) (T - t).

Definition rnn_vanishing : Prop :=
  forall (n : nat) (p : kind) (gamma : R) (W : mat n n) (phi' : Z -> mat n 1),
  0 <= gamma ->
  (forall k : Z, (0 <= k - 1)%Z -> within (phi' k) (- 1 * gamma) gamma) ->
  gamma * norm p W < 1 ->
  limit (fun k => norm p (descending 1 k (fun k0 => mul (diag (phi' k0)) W))) 0.

Definition rnn_tanh : Prop :=
  forall (n : nat) (p : kind) (T t : Z) (W : mat n n) (a h : Z -> mat n 1),
  (0 <= T - t)%Z ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> h k = apply tanh (a k)) ->
  norm p (descending (t + 1) T (fun k => mul (diag (add ones (scal (- 1) (had (h k) (h k))))) W)) <= powZ (norm p W) (T - t).

(* h_t = tanh(W h_{t-1} + U x_t + b); everything moves with e; a' h' are the tangents, delta the adjoints of BPTT *)
Definition bptt : Prop :=
  forall (m n : nat) (T : Z) (L : R -> mat 1 1) (U : R -> mat n m) (U' : mat n m) (W : R -> mat n n) (W' : mat n n)
    (a : R -> Z -> mat n 1) (a' : Z -> mat n 1) (b : R -> mat n 1) (b' : mat n 1) (delta_a delta_h : Z -> mat n 1)
    (h : R -> Z -> mat n 1) (h' : Z -> mat n 1) (p : Z -> mat n 1) (x : R -> Z -> mat m 1) (x' : Z -> mat m 1),
  delta_a (T + 1)%Z = zeros ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> delta_h t = add (p t) (mul (tr (W 0)) (delta_a (t + 1)%Z))) ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> delta_a t = had (add ones (scal (- 1) (had (h 0 t) (h 0 t)))) (delta_h t)) ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z ->
    a' t = add (mul (W 0) (h' (t - 1)%Z)) (add (add (add (mul W' (h 0 (t - 1)%Z)) (mul U' (x 0 t))) (mul (U 0) (x' t))) b')) ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> h' t = had (add ones (scal (- 1) (had (h 0 t) (h 0 t)))) (a' t)) ->
  (0 <= T - 1)%Z ->
  ((forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> derivative (fun e => h e t) (h' t)) ->
   derivative (fun e => L e) (sumZ 1 T (fun t => mul (tr (p t)) (h' t)))) ->
  derivative (fun e => h e 0%Z) (h' 0%Z) ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z ->
    forall e : R, a e t = add (add (mul (W e) (h e (t - 1)%Z)) (mul (U e) (x e t))) (b e)) ->
  derivative (fun e => W e) W' -> derivative (fun e => U e) U' ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> derivative (fun e => x e t) (x' t)) ->
  derivative (fun e => b e) b' ->
  (forall t : Z, (0 <= t - 1)%Z -> (0 <= T - t)%Z -> forall e : R, h e t = apply tanh (a e t)) ->
  derivative (fun e => L e)
    (add (mul (tr (mul (tr (W 0)) (delta_a 1%Z))) (h' 0%Z))
    (add (add (add (mul (mul ones (had (sumZ 1 T (fun t => mul (delta_a t) (tr (h 0 (t - 1)%Z)))) W')) ones)
                   (mul (mul ones (had (sumZ 1 T (fun t => mul (delta_a t) (tr (x 0 t)))) U')) ones))
              (sumZ 1 T (fun t => mul (tr (mul (tr (U 0)) (delta_a t))) (x' t))))
         (mul (tr (sumZ 1 T (fun t => delta_a t))) b'))).

Definition cell_path : Prop :=
  forall (n : nat) (T t : Z) (c f : R -> Z -> mat n 1) (v : mat n 1) (w : R -> Z -> mat n 1),
  derivative (fun e => c e t) v ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> forall e : R, c e k = add (had (f e k) (c e (k - 1)%Z)) (w e k)) ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> derivative (fun e => f e k) zeros) ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> derivative (fun e => w e k) zeros) ->
  (0 <= T - t)%Z ->
  derivative (fun e => c e T) (mul (descending (t + 1) T (fun k => diag (f 0 k))) v).

Definition cell_path_upper : Prop :=
  forall (n : nat) (p : kind) (T t : Z) (x : R) (f : Z -> mat n 1),
  0 <= x -> (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> within (f k) 0 x) -> (0 <= T - t)%Z ->
  norm p (descending (t + 1) T (fun k => diag (f k))) <= powZ x (T - t).

Definition cell_path_lower : Prop :=
  forall (n : nat) (p : kind) (T t : Z) (y : R) (f : Z -> mat n 1) (v : mat n 1),
  0 <= y -> (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> within (f k) y 1) -> (0 <= T - t)%Z ->
  powZ y (T - t) * norm p v <= norm p (mul (descending (t + 1) T (fun k => diag (f k))) v).

Definition carousel : Prop :=
  forall (n : nat) (T t : Z) (f : Z -> mat n 1),
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> f k = ones) -> (0 <= T - t)%Z ->
  descending (t + 1) T (fun k => diag (f k)) = eye.

(* c_k = c_{k-1} + w_k with w held fixed: the truncated gradient is the identity *)
Definition lstm_1997 : Prop :=
  forall (n : nat) (T t : Z) (c : R -> Z -> mat n 1) (v : mat n 1) (w : R -> Z -> mat n 1),
  derivative (fun e => c e t) v ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> forall e : R, c e k = add (c e (k - 1)%Z) (w e k)) ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> derivative (fun e => w e k) zeros) ->
  (0 <= T - t)%Z ->
  derivative (fun e => c e T) v.

(* two runs with the same inputs v *)
Definition fading_memory : Prop :=
  forall (n : nat) (p : kind) (T t : Z) (W : mat n n) (h v y : Z -> mat n 1),
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> y k = apply tanh (add (mul W (y (k - 1)%Z)) (v k))) ->
  (forall k : Z, (0 <= k - t - 1)%Z -> (0 <= T - k)%Z -> h k = apply tanh (add (mul W (h (k - 1)%Z)) (v k))) ->
  (0 <= T - t)%Z ->
  norm p (add (h T) (scal (- 1) (y T))) <= powZ (norm p W) (T - t) * norm p (add (h t) (scal (- 1) (y t))).

(* rows of numbers *)
Notation "[ a ; b ]" := (a :: b :: nil) (only parsing).
Definition W_zero : mat 2 2 := table [ [ 2; - 4 ]; [ 1; - 2 ] ].
Definition state (x y : R) : mat 2 1 := table [ (x :: nil); (y :: nil) ].

(* a fixed point of h = phi(W h + b), every eigenvalue of W is 0, the Jacobian's powers are unbounded *)
Definition false_tanh : Prop := forall p : kind,
  apply tanh (add (mul W_zero (state 0 (4 / 5))) (state (16 / 5) (8 / 5 + ln 3))) = state 0 (4 / 5)
  /\ radius W_zero 0
  /\ infinite (fun k => norm p (descending 1 (k + 1) (fun _ =>
       mul (diag (add ones (scal (- 1) (had (state 0 (4 / 5)) (state 0 (4 / 5)))))) W_zero))).

Definition false_relu : Prop := forall p : kind,
  apply relu (add (mul W_zero (state 1 0)) (state (- 1) (- 2))) = state 1 0
  /\ radius W_zero 0
  /\ infinite (fun k => norm p (descending 1 (k + 1) (fun _ =>
       mul (diag (apply step (add (mul W_zero (state 1 0)) (state (- 1) (- 2))))) W_zero))).

Definition W_ten : mat 2 2 := table [ [ 10; - 10 ]; [ 10; - 10 ] ].
Definition false_sigmoid : Prop := forall p : kind,
  apply sigmoid (add (mul W_ten (state (1 / 2) (9 / 10))) (state 4 (4 + ln 9))) = state (1 / 2) (9 / 10)
  /\ radius W_ten 0
  /\ infinite (fun k => norm p (descending 1 (k + 1) (fun _ =>
       mul (diag (had (state (1 / 2) (9 / 10)) (add ones (scal (- 1) (state (1 / 2) (9 / 10)))))) W_ten))).

(* W (u + v i) = (a + b i) (u + v i) with u + v i not zero: the powers of W vanish only if |a + b i| < 1 *)
Definition linear_vanishing_needs : Prop :=
  forall (n : nat) (W : mat n n) (a b : mat 1 1) (u v : mat n 1),
  0 < entry (add (mul (tr u) u) (mul (tr v) v)) ->
  mul W u = add (scal (entry a) u) (scal (- 1) (scal (entry b) v)) ->
  mul W v = add (scal (entry b) u) (scal (entry a) v) ->
  limit (fun k => norm Two (descending 1 k (fun _ => W))) 0 ->
  entry a * entry a + entry b * entry b < 1.

(* W (u + v i) = (a + b i) (u + v i) with u + v i of length 1: the powers of W grow where r = |a + b i| > 1 *)
Definition linear_explosion : Prop :=
  forall (n : nat) (r : R) (W : mat n n) (a b : mat 1 1) (u v : mat n 1),
  norm Two u * norm Two u + norm Two v * norm Two v = 1 ->
  0 <= r -> r * r = entry a * entry a + entry b * entry b ->
  mul W u = add (scal (entry a) u) (scal (- 1) (scal (entry b) v)) ->
  mul W v = add (scal (entry b) u) (scal (entry a) v) ->
  1 < r -> infinite (fun k => norm Two (descending 1 k (fun _ => W))).

(* a gate or a candidate of an LSTM with the input u *)
Definition gate {n} (phi : R -> R) (W : mat n n) (u h : Z -> mat n 1) (k : Z) : mat n 1 := apply phi (add (mul W (h (k - 1)%Z)) (u k)).
Definition always_from (first : Z) (p : Z -> Prop) : Prop := forall k : Z, (0 <= k - first)%Z -> p k.

(* runs (h, c) and (H, D) with the same inputs; f, i, o bound the gates of the first, C and y bound D and tanh D *)
Definition lstm_fading_memory : Prop :=
  forall (n : nat) (p : kind) (C f i o y : R) (D H : Z -> mat n 1) (W_f W_g W_i W_o : mat n n) (c h u_f u_g u_i u_o : Z -> mat n 1),
  o * (C * (1 / 4) * norm p W_f + 1 / 4 * norm p W_i + i * norm p W_g) < (1 + - 1 * f) * (1 + - 1 * (y * (1 / 4) * norm p W_o)) ->
  o <= 1 -> f < 1 -> 0 <= y -> 0 <= C -> 0 <= i -> 0 <= o -> 0 <= f ->
  always_from 1 (fun k => H k = had (gate sigmoid W_o u_o H k) (apply tanh (D k))) ->
  always_from 1 (fun k => h k = had (gate sigmoid W_o u_o h k) (apply tanh (c k))) ->
  always_from 1 (fun k => within (gate sigmoid W_o u_o h k) 0 o) ->
  always_from 1 (fun k => D k = add (had (gate sigmoid W_f u_f H k) (D (k - 1)%Z)) (had (gate sigmoid W_i u_i H k) (gate tanh W_g u_g H k))) ->
  always_from 1 (fun k => c k = add (had (gate sigmoid W_f u_f h k) (c (k - 1)%Z)) (had (gate sigmoid W_i u_i h k) (gate tanh W_g u_g h k))) ->
  always_from 1 (fun k => within (gate sigmoid W_f u_f h k) 0 f) ->
  (forall k : Z, (0 <= k)%Z -> within (D k) (- 1 * C) C) ->
  always_from 1 (fun k => within (gate sigmoid W_i u_i h k) 0 i) ->
  always_from 1 (fun k => within (apply tanh (D k)) (- 1 * y) y) ->
  limit (fun k => norm p (add (h k) (scal (- 1) (H k)))) 0 /\ limit (fun k => norm p (add (c k) (scal (- 1) (D k)))) 0.

(* along any curve of initial states, weights and inputs at rest, the tangents v of h and z of c vanish *)
Definition lstm_vanishing : Prop :=
  forall (n : nat) (p : kind) (C f i o y : R) (W_f W_g W_i W_o : R -> mat n n) (a_f a_g a_i a_o c h u_f u_g u_i u_o : R -> Z -> mat n 1)
    (v z : Z -> mat n 1),
  o * (C * (1 / 4) * norm p (W_f 0) + 1 / 4 * norm p (W_i 0) + i * norm p (W_g 0))
    < (1 + - 1 * f) * (1 + - 1 * (y * (1 / 4) * norm p (W_o 0))) ->
  o <= 1 -> f < 1 -> 0 <= y -> 0 <= C -> 0 <= i -> 0 <= o -> 0 <= f ->
  (forall k : Z, (0 <= k)%Z -> derivative (fun e => h e k) (v k)) ->
  always_from 1 (fun k => forall e : R, a_i e k = add (mul (W_i e) (h e (k - 1)%Z)) (u_i e k)) ->
  always_from 1 (fun k => forall e : R, a_f e k = add (mul (W_f e) (h e (k - 1)%Z)) (u_f e k)) ->
  always_from 1 (fun k => forall e : R, a_o e k = add (mul (W_o e) (h e (k - 1)%Z)) (u_o e k)) ->
  always_from 1 (fun k => forall e : R, a_g e k = add (mul (W_g e) (h e (k - 1)%Z)) (u_g e k)) ->
  always_from 1 (fun k => forall e : R,
    c e k = add (had (apply sigmoid (a_f e k)) (c e (k - 1)%Z)) (had (apply sigmoid (a_i e k)) (apply tanh (a_g e k)))) ->
  always_from 1 (fun k => forall e : R, h e k = had (apply sigmoid (a_o e k)) (apply tanh (c e k))) ->
  derivative W_i zeros -> derivative W_f zeros -> derivative W_o zeros -> derivative W_g zeros ->
  always_from 1 (fun k => derivative (fun e => u_i e k) zeros) -> always_from 1 (fun k => derivative (fun e => u_f e k) zeros) ->
  always_from 1 (fun k => derivative (fun e => u_o e k) zeros) -> always_from 1 (fun k => derivative (fun e => u_g e k) zeros) ->
  (forall k : Z, (0 <= k)%Z -> derivative (fun e => c e k) (z k)) ->
  always_from 1 (fun k => within (apply sigmoid (a_i 0 k)) 0 i) -> always_from 1 (fun k => within (apply sigmoid (a_f 0 k)) 0 f) ->
  always_from 1 (fun k => within (apply sigmoid (a_o 0 k)) 0 o) ->
  (forall k : Z, (0 <= k)%Z -> within (c 0 k) (- 1 * C) C) ->
  always_from 1 (fun k => within (apply tanh (c 0 k)) (- 1 * y) y) ->
  limit (fun k => norm p (v k)) 0 /\ limit (fun k => norm p (z k)) 0.
