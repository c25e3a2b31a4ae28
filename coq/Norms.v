(* Norms of columns (1, 2, infinity) and the norms of matrices they induce. *)
From Coq Require Import Reals Lra Lia ZArith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From LstmSym Require Import Matrices.
Open Scope R_scope.

Inductive kind := One | Two | Inf.

Fixpoint vmax (n : nat) : vec n -> R :=
  match n with O => fun _ => 0 | S k => fun v => Rmax (Rabs (v Fin.F1)) (vmax k (fun i => v (Fin.FS i))) end.
Definition vnorm (p : kind) {n} (v : vec n) : R :=
  match p with One => sum n (fun i => Rabs (v i)) | Two => sqrt (sum n (fun i => v i * v i)) | Inf => vmax n v end.
Definition act {n m} (A : mat n m) (v : vec m) : vec n := fun i => sum m (fun j => A i j * v j).

(* the least c >= 0 with |A v| <= c |v| for all v *)
Definition bounds (p : kind) {n m} (A : mat n m) (c : R) : Prop := 0 <= c /\ forall v, vnorm p (act A v) <= c * vnorm p v.
Definition norm (p : kind) {n m} (A : mat n m) : R := real (Glb_Rbar (bounds p A)).

(* --- columns --- *)
Lemma vmax_nonneg n v : 0 <= vmax n v.
Proof. destruct n; simpl. lra. eapply Rle_trans; [ apply Rabs_pos | apply Rmax_l ]. Qed.
Lemma vmax_mono n (u v : vec n) : (forall i, Rabs (u i) <= Rabs (v i)) -> vmax n u <= vmax n v.
Proof.
  induction n; simpl; intro H. lra. apply Rmax_lub.
  - eapply Rle_trans; [ apply H | apply Rmax_l ].
  - eapply Rle_trans; [ apply IHn; intro; apply H | apply Rmax_r ].
Qed.
Lemma vmax_scal n c (v : vec n) : vmax n (fun i => c * v i) = Rabs c * vmax n v.
Proof.
  induction n; simpl. ring. rewrite IHn, Rabs_mult. rewrite RmaxRmult; auto. apply Rabs_pos.
Qed.
Lemma vmax_entry n (v : vec n) i : Rabs (v i) <= vmax n v.
Proof.
  induction i; simpl. apply Rmax_l. eapply Rle_trans; [ apply (IHi (fun j => v (Fin.FS j))) | apply Rmax_r ].
Qed.
Lemma vmax_least n (v : vec n) c : 0 <= c -> (forall i, Rabs (v i) <= c) -> vmax n v <= c.
Proof. induction n; simpl; intros Hc H. lra. apply Rmax_lub; auto. Qed.
Lemma vmax_below n (v : vec n) c : 0 < c -> (forall i, Rabs (v i) < c) -> vmax n v < c.
Proof. intros Hc H. induction n; simpl. exact Hc. apply Rmax_lub_lt; auto. Qed.

Lemma vnorm_nonneg p n (v : vec n) : 0 <= vnorm p v.
Proof. destruct p; simpl. apply sum_nonneg; intro; apply Rabs_pos. apply sqrt_pos. apply vmax_nonneg. Qed.
Lemma vnorm_mono p n (u v : vec n) : (forall i, Rabs (u i) <= Rabs (v i)) -> vnorm p u <= vnorm p v.
Proof.
  intro H. destruct p; simpl.
  - apply sum_le, H.
  - apply sqrt_le_1_alt, sum_le. intro i. apply Rsqr_le_abs_1, H.
  - apply vmax_mono, H.
Qed.
Lemma vnorm_scal p n c (v : vec n) : vnorm p (fun i => c * v i) = Rabs c * vnorm p v.
Proof.
  destruct p; simpl.
  - rewrite <- sum_scal. apply sum_ext; intro. apply Rabs_mult.
  - rewrite <- sqrt_Rsqr_abs. rewrite <- sqrt_mult_alt by apply Rle_0_sqr. f_equal.
    rewrite <- sum_scal. apply sum_ext; intro. unfold Rsqr. ring.
  - apply vmax_scal.
Qed.
Lemma square_nonneg x : 0 <= x * x. Proof. nra. Qed.
Lemma vnorm_entry p n (v : vec n) i : Rabs (v i) <= vnorm p v.
Proof.
  destruct p; simpl.
  - apply (sum_term n (fun i => Rabs (v i))). intro; apply Rabs_pos.
  - rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt. apply (sum_term n (fun i => v i * v i)). intro; apply square_nonneg.
  - apply vmax_entry.
Qed.
Lemma cauchy_schwarz n (u v : vec n) :
  sum n (fun i => u i * v i) * sum n (fun i => u i * v i) <= sum n (fun i => u i * u i) * sum n (fun i => v i * v i).
Proof.
  induction n; simpl. lra.
  specialize (IHn (fun i => u (Fin.FS i)) (fun i => v (Fin.FS i))). simpl in IHn.
  set (B := sum n (fun i => u (Fin.FS i) * v (Fin.FS i))) in *.
  set (A := sum n (fun i => u (Fin.FS i) * u (Fin.FS i))) in *.
  set (C := sum n (fun i => v (Fin.FS i) * v (Fin.FS i))) in *.
  set (x := u Fin.F1). set (y := v Fin.F1).
  assert (0 <= A) by (apply sum_nonneg; intro; apply square_nonneg).
  assert (0 <= C) by (apply sum_nonneg; intro; apply square_nonneg).
  assert (2 * (x * y * B) <= x * x * C + y * y * A); [ | nra ].
  (* (x y B)^2 <= (x x C) (y y A) and the means *)
  assert (Q : (2 * (x * y * B)) * (2 * (x * y * B)) <= (x * x * C + y * y * A) * (x * x * C + y * y * A)).
  { assert ((x * y) * (x * y) * (B * B) <= (x * y) * (x * y) * (A * C)) by (apply Rmult_le_compat_l; [ apply square_nonneg | lra ]).
    pose proof (square_nonneg (x * x * C - y * y * A)). nra. }
  assert (0 <= x * x * C + y * y * A) by (pose proof (square_nonneg x); pose proof (square_nonneg y); nra).
  destruct (Rle_lt_dec (2 * (x * y * B)) (x * x * C + y * y * A)); auto. nra.
Qed.
Lemma vnorm_add p n (u v : vec n) : vnorm p (fun i => u i + v i) <= vnorm p u + vnorm p v.
Proof.
  destruct p; simpl.
  - rewrite <- sum_plus. apply sum_le; intro. apply Rabs_triang.
  - set (U := sum n (fun i => u i * u i)). set (V := sum n (fun i => v i * v i)).
    assert (0 <= U) by (apply sum_nonneg; intro; apply square_nonneg).
    assert (0 <= V) by (apply sum_nonneg; intro; apply square_nonneg).
    pose proof (sqrt_pos U); pose proof (sqrt_pos V).
    rewrite <- (sqrt_square (sqrt U + sqrt V)) by lra. apply sqrt_le_1_alt.
    replace (sum n (fun i => (u i + v i) * (u i + v i))) with (U + 2 * sum n (fun i => u i * v i) + V).
    + pose proof (sqrt_sqrt U). pose proof (sqrt_sqrt V). pose proof (cauchy_schwarz n u v) as CS. fold U V in CS.
      assert (sum n (fun i => u i * v i) <= sqrt U * sqrt V); [ | nra ].
      rewrite <- sqrt_mult_alt by auto. eapply Rle_trans; [ apply Rle_abs | ].
      rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt. exact CS.
    + unfold U, V. rewrite <- sum_scal, <- !sum_plus. apply sum_ext; intro. ring.
  - apply vmax_least. pose proof (vmax_nonneg n u); pose proof (vmax_nonneg n v); lra.
    intro i. eapply Rle_trans; [ apply Rabs_triang | ]. apply Rplus_le_compat; apply vmax_entry.
Qed.
Lemma vnorm_0 p n (v : vec n) : vnorm p v = 0 -> forall i, v i = 0.
Proof. intros H i. pose proof (vnorm_entry p n v i). pose proof (Rabs_pos (v i)). apply Rabs_eq_0. lra. Qed.
Lemma vnorm_zero p n : vnorm p (fun _ : Fin.t n => 0) = 0.
Proof.
  pose proof (vnorm_scal p n 0 (fun _ => 0)) as H. rewrite Rabs_R0, Rmult_0_l in H.
  replace (fun _ : Fin.t n => 0 * 0) with (fun _ : Fin.t n => 0) in H by (extensionality i; ring).
  rewrite H. ring.
Qed.
Lemma vnorm_delta p n (j : Fin.t n) : vnorm p (fun k => delta j k) <= 1.
Proof.
  assert (E : forall k, Rabs (delta j k) = delta j k).
  { intro k. unfold delta. destruct (Fin.eq_dec j k); [ apply Rabs_R1 | apply Rabs_R0 ]. }
  destruct p; simpl.
  - rewrite (sum_ext n _ (fun k => delta j k * 1)) by (intro; rewrite E; ring). rewrite sum_delta. lra.
  - rewrite sum_delta, delta_same, sqrt_1. lra.
  - apply vmax_least. lra. intro k. rewrite E. unfold delta. destruct (Fin.eq_dec j k); lra.
Qed.

(* --- the induced norm --- *)
Lemma bounded p n m (A : mat n m) : exists c, bounds p A c.
Proof.
  set (S := sum n (fun i => sum m (fun j => Rabs (A i j)))).
  assert (0 <= S) by (apply sum_nonneg; intro; apply sum_nonneg; intro; apply Rabs_pos).
  exists (S * vnorm p (fun _ : Fin.t n => 1)). pose proof (vnorm_nonneg p n (fun _ => 1)) as N1.
  split. nra. intro v. pose proof (vnorm_nonneg p m v).
  replace (S * vnorm p (fun _ : Fin.t n => 1) * vnorm p v) with (Rabs (S * vnorm p v) * vnorm p (fun _ : Fin.t n => 1))
    by (rewrite Rabs_pos_eq; nra).
  rewrite <- vnorm_scal. apply vnorm_mono. intro i. rewrite Rmult_1_r, (Rabs_pos_eq (S * _)) by nra.
  unfold act. eapply Rle_trans; [ apply sum_Rabs | ].
  apply Rle_trans with (sum m (fun j => Rabs (A i j) * vnorm p v)).
  - apply sum_le; intro j. rewrite Rabs_mult. apply Rmult_le_compat_l; [ apply Rabs_pos | apply vnorm_entry ].
  - rewrite sum_scal_r. apply Rmult_le_compat_r; auto.
    apply (sum_term n (fun i => sum m (fun j => Rabs (A i j)))). intro; apply sum_nonneg; intro; apply Rabs_pos.
Qed.
Lemma norm_glb p n m (A : mat n m) : is_glb_Rbar (bounds p A) (norm p A).
Proof.
  unfold norm. pose proof (Glb_Rbar_correct (bounds p A)) as G. destruct (bounded p n m A) as [c Hc].
  destruct (Glb_Rbar (bounds p A)) as [g | | ]; simpl; auto; exfalso; destruct G as [G1 G2].
  - apply (G1 c Hc).
  - apply (G2 (Finite 0)). intros x [Hx _]. exact Hx.
Qed.
Lemma norm_least p n m (A : mat n m) c : bounds p A c -> norm p A <= c.
Proof. intro H. destruct (norm_glb p n m A) as [G _]. apply (G c H). Qed.
Lemma norm_nonneg p n m (A : mat n m) : 0 <= norm p A.
Proof. destruct (norm_glb p n m A) as [_ G]. apply (G (Finite 0)). intros x [Hx _]. exact Hx. Qed.
Lemma norm_act p n m (A : mat n m) v : vnorm p (act A v) <= norm p A * vnorm p v.
Proof.
  destruct (Req_dec (vnorm p v) 0) as [Z | Z].
  - replace (act A v) with (fun _ : Fin.t n => 0). rewrite vnorm_zero, Z. lra.
    extensionality i. unfold act. rewrite (sum_ext m _ (fun _ => 0)). now rewrite sum_0.
    intro j. rewrite (vnorm_0 p m v Z j). ring.
  - pose proof (vnorm_nonneg p m v). assert (0 < vnorm p v) by lra.
    destruct (norm_glb p n m A) as [_ G].
    assert (vnorm p (act A v) / vnorm p v <= norm p A).
    { apply (G (Finite (vnorm p (act A v) / vnorm p v))). intros c [Hc H']. simpl.
      apply Rmult_le_reg_r with (vnorm p v); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by auto. apply H'. }
    apply Rmult_le_compat_r with (r := vnorm p v) in H1; [ | lra ]. unfold Rdiv in H1.
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r in H1; auto.
Qed.
Lemma norm_bounds p n m (A : mat n m) : bounds p A (norm p A).
Proof. split. apply norm_nonneg. apply norm_act. Qed.

Lemma act_mul n k m (A : mat n k) (B : mat k m) v : act (mul A B) v = act A (act B v).
Proof.
  extensionality i. unfold act, mul. rewrite (sum_ext m _ (fun j => sum k (fun l => A i l * B l j * v j))).
  - rewrite sum_swap. apply sum_ext; intro l. rewrite <- sum_scal. apply sum_ext; intro; ring.
  - intro j. now rewrite <- sum_scal_r.
Qed.
Lemma norm_mul p n k m (A : mat n k) (B : mat k m) : norm p (mul A B) <= norm p A * norm p B.
Proof.
  pose proof (norm_nonneg p _ _ A). pose proof (norm_nonneg p _ _ B).
  apply norm_least. split. nra. intro v. rewrite act_mul, Rmult_assoc.
  eapply Rle_trans; [ apply norm_act | ]. apply Rmult_le_compat_l; auto. apply norm_act.
Qed.
Lemma norm_add p n m (A B : mat n m) : norm p (add A B) <= norm p A + norm p B.
Proof.
  pose proof (norm_nonneg p _ _ A). pose proof (norm_nonneg p _ _ B).
  apply norm_least. split. lra. intro v.
  replace (act (add A B) v) with (fun i => act A v i + act B v i).
  - eapply Rle_trans; [ apply vnorm_add | ]. rewrite Rmult_plus_distr_r. apply Rplus_le_compat; apply norm_act.
  - extensionality i. unfold act, add. rewrite <- sum_plus. apply sum_ext; intro; ring.
Qed.
Lemma norm_scal_le p n m c (A : mat n m) : norm p (scal c A) <= Rabs c * norm p A.
Proof.
  pose proof (norm_nonneg p _ _ A). pose proof (Rabs_pos c). apply norm_least. split. nra. intro v.
  replace (act (scal c A) v) with (fun i => c * act A v i).
  - rewrite vnorm_scal, Rmult_assoc. apply Rmult_le_compat_l; auto. apply norm_act.
  - extensionality i. unfold act, scal. rewrite <- sum_scal. apply sum_ext; intro; ring.
Qed.
Lemma norm_diag p n (v : mat n 1) c : 0 <= c -> within v (- c) c -> norm p (diag v) <= c.
Proof.
  intros Hc H. apply norm_least. split; auto. intro u.
  replace (act (diag v) u) with (fun i => v i one1 * u i).
  - rewrite <- (Rabs_pos_eq c) at 1 by auto. rewrite <- vnorm_scal. apply vnorm_mono. intro i. rewrite !Rabs_mult.
    apply Rmult_le_compat_r; [ apply Rabs_pos | ]. rewrite (Rabs_pos_eq c) by auto. apply Rabs_le, H.
  - extensionality i. unfold act, diag. rewrite (sum_ext n _ (fun j => delta i j * (v i one1 * u j))).
    now rewrite sum_delta. intro; ring.
Qed.
Lemma norm_eye p n : norm p (@eye n) <= 1.
Proof.
  rewrite <- diag_ones. apply norm_diag. lra. intros i j. unfold ones. lra.
Qed.
Lemma norm_zeros p n m : norm p (@zeros n m) = 0.
Proof.
  apply Rle_antisym; [ | apply norm_nonneg ]. apply norm_least. split. lra. intro v.
  replace (act zeros v) with (fun _ : Fin.t n => 0). rewrite vnorm_zero; lra.
  extensionality i. unfold act, zeros. rewrite (sum_ext m _ (fun _ => 0)). now rewrite sum_0. intro; ring.
Qed.

(* a column's norm is its vector norm *)
Lemma vnorm_1 p (v : vec 1) : vnorm p v = Rabs (v one1).
Proof.
  destruct p; simpl; unfold one1.
  - ring.
  - rewrite Rplus_0_r. apply sqrt_Rsqr_abs.
  - apply Rmax_left, Rabs_pos.
Qed.
Lemma norm_column p n (v : mat n 1) : norm p v = vnorm p (fun i => v i one1).
Proof.
  assert (E : forall u : vec 1, act v u = (fun i => u one1 * v i one1)).
  { intro u. extensionality i. unfold act. rewrite sum_1. ring. }
  apply Rle_antisym.
  - apply norm_least. split. apply vnorm_nonneg. intro u. rewrite E, vnorm_scal, vnorm_1. lra.
  - pose proof (norm_act p n 1 v (fun _ => 1)) as H. rewrite E, vnorm_scal, vnorm_1, Rabs_R1 in H. lra.
Qed.
Lemma norm_entry p n m (A : mat n m) i j : Rabs (A i j) <= norm p A.
Proof.
  pose proof (norm_act p n m A (fun k => delta j k)) as H.
  assert (E : act A (fun k => delta j k) = fun i => A i j).
  { extensionality k. unfold act. rewrite (sum_ext m _ (fun l => delta j l * A k l)). apply sum_delta. intro; ring. }
  assert (U : vnorm p (fun k : Fin.t m => delta j k) <= 1).
  { apply vnorm_delta. }
  rewrite E in H. pose proof (vnorm_entry p n (fun i => A i j) i). pose proof (norm_nonneg p n m A).
  simpl in *. nra.
Qed.

(* --- transposes --- *)
Definition dot {n} (u v : vec n) : R := sum n (fun i => u i * v i).
Lemma dot_act n m (A : mat n m) u v : dot u (act A v) = dot (act (tr A) u) v.
Proof.
  unfold dot, act, tr. rewrite (sum_ext n _ (fun i => sum m (fun j => A i j * u i * v j))).
  - rewrite sum_swap. apply sum_ext; intro j. rewrite <- sum_scal_r. reflexivity.
  - intro i. rewrite <- sum_scal. apply sum_ext; intro; ring.
Qed.
Lemma two_sqr n (v : vec n) : vnorm Two v * vnorm Two v = dot v v.
Proof. simpl. apply sqrt_sqrt, sum_nonneg. intro; apply square_nonneg. Qed.
Lemma dot_le n (u v : vec n) : dot u v <= vnorm Two u * vnorm Two v.
Proof.
  simpl. rewrite <- sqrt_mult_alt by (apply sum_nonneg; intro; apply square_nonneg).
  eapply Rle_trans; [ apply Rle_abs | ]. rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt, cauchy_schwarz.
Qed.
Lemma norm_tr_le n m (A : mat n m) : norm Two (tr A) <= norm Two A.
Proof.
  apply norm_least. split. apply norm_nonneg. intro u.
  pose proof (vnorm_nonneg Two _ (act (tr A) u)) as P. pose proof (vnorm_nonneg Two _ u).
  pose proof (norm_nonneg Two _ _ A).
  assert (Q : vnorm Two (act (tr A) u) * vnorm Two (act (tr A) u) <= norm Two A * vnorm Two u * vnorm Two (act (tr A) u)).
  { rewrite two_sqr, <- dot_act. eapply Rle_trans; [ apply dot_le | ].
    pose proof (norm_act Two _ _ A (act (tr A) u)). nra. }
  destruct (Req_dec (vnorm Two (act (tr A) u)) 0) as [Z | Z]; [ rewrite Z; nra | nra ].
Qed.
Lemma norm_tr n m (A : mat n m) : norm Two (tr A) = norm Two A.
Proof. apply Rle_antisym; [ apply norm_tr_le | exact (norm_tr_le m n (tr A)) ]. Qed.
Lemma norm_gram n m (A : mat n m) : norm Two (mul (tr A) A) = norm Two A * norm Two A.
Proof.
  apply Rle_antisym.
  - eapply Rle_trans; [ apply norm_mul | ]. rewrite norm_tr. lra.
  - pose proof (norm_nonneg Two _ _ (mul (tr A) A)) as G. set (g := norm Two (mul (tr A) A)) in *.
    assert (B : norm Two A <= sqrt g).
    { apply norm_least. split. apply sqrt_pos. intro v.
      pose proof (vnorm_nonneg Two _ v). rewrite <- (sqrt_square (vnorm Two v)) by auto. rewrite <- sqrt_mult_alt by auto.
      rewrite <- (sqrt_square (vnorm Two (act A v))) by apply vnorm_nonneg. apply sqrt_le_1_alt. rewrite !two_sqr.
      rewrite dot_act. rewrite <- act_mul. eapply Rle_trans; [ apply dot_le | ]. rewrite <- two_sqr.
      pose proof (norm_act Two _ _ (mul (tr A) A) v). fold g in H0. nra. }
    pose proof (norm_nonneg Two _ _ A). pose proof (sqrt_sqrt g G). pose proof (sqrt_pos g). nra.
Qed.
Lemma row_sum n m (A : mat n m) i : sum m (fun j => Rabs (A i j)) <= norm Inf A.
Proof.
  set (s := fun j => if Rle_dec 0 (A i j) then 1 else -1).
  pose proof (norm_act Inf _ _ A s) as H.
  assert (vnorm Inf s <= 1).
  { apply vmax_least. lra. intro j. unfold s. destruct (Rle_dec 0 (A i j)). rewrite Rabs_R1; lra. rewrite Rabs_left; lra. }
  pose proof (vnorm_entry Inf _ (act A s) i) as E.
  assert (act A s i = sum m (fun j => Rabs (A i j))).
  { unfold act. apply sum_ext; intro j. unfold s. destruct (Rle_dec 0 (A i j)). rewrite Rabs_pos_eq; lra. rewrite Rabs_left; lra. }
  rewrite H1 in E. pose proof (Rle_abs (sum m (fun j => Rabs (A i j)))). pose proof (norm_nonneg Inf _ _ A). nra.
Qed.
Lemma norm_rows n m (A : mat n m) c : 0 <= c -> (forall i, sum m (fun j => Rabs (A i j)) <= c) -> norm Inf A <= c.
Proof.
  intros Hc H. apply norm_least. split; auto. intro v. pose proof (vnorm_nonneg Inf _ v).
  apply vmax_least. nra. intro i. unfold act. eapply Rle_trans; [ apply sum_Rabs | ].
  apply Rle_trans with (sum m (fun j => Rabs (A i j) * vnorm Inf v)).
  - apply sum_le; intro j. rewrite Rabs_mult. apply Rmult_le_compat_l; [ apply Rabs_pos | apply vnorm_entry ].
  - rewrite sum_scal_r. apply Rmult_le_compat_r; auto.
Qed.
Lemma norm_tr_one n m (A : mat n m) : norm One (tr A) = norm Inf A.
Proof.
  apply Rle_antisym.
  - apply norm_least. split. apply norm_nonneg. intro u. simpl.
    apply Rle_trans with (sum m (fun j => sum n (fun i => Rabs (A i j) * Rabs (u i)))).
    + apply sum_le; intro j. eapply Rle_trans; [ apply sum_Rabs | ]. apply sum_le; intro i. unfold tr. rewrite Rabs_mult. lra.
    + rewrite sum_swap, <- sum_scal. apply sum_le; intro i. rewrite sum_scal_r.
      apply Rmult_le_compat_r; [ apply Rabs_pos | apply row_sum ].
  - apply norm_rows. apply norm_nonneg. intro i.
    pose proof (norm_act One _ _ (tr A) (fun k => delta i k)) as H.
    replace (act (tr A) (fun k => delta i k)) with (fun j => A i j) in H.
    + change (vnorm One (fun j => A i j)) with (sum m (fun j => Rabs (A i j))) in H. pose proof (vnorm_delta One n i). pose proof (norm_nonneg One _ _ (tr A)). nra.
    + extensionality j. unfold act, tr. rewrite (sum_ext n _ (fun k => delta i k * A k j)). now rewrite sum_delta. intro; ring.
Qed.
Lemma norm_frobenius n m (A : mat n m) : norm Two A * norm Two A <= sum n (fun i => sum m (fun j => A i j * A i j)).
Proof.
  set (f := sum n (fun i => sum m (fun j => A i j * A i j))).
  assert (F : 0 <= f) by (apply sum_nonneg; intro; apply sum_nonneg; intro; apply square_nonneg).
  assert (B : norm Two A <= sqrt f).
  { apply norm_least. split. apply sqrt_pos. intro v. pose proof (vnorm_nonneg Two _ v).
    rewrite <- (sqrt_square (vnorm Two v)) by auto. rewrite <- sqrt_mult_alt by auto.
    apply sqrt_le_1_alt. rewrite two_sqr. unfold f. rewrite <- sum_scal_r. apply sum_le; intro i.
    apply cauchy_schwarz. }
  pose proof (norm_nonneg Two _ _ A). pose proof (sqrt_sqrt f F). pose proof (sqrt_pos f). nra.
Qed.
Lemma norm_scal p n m c (A : mat n m) : norm p (scal c A) = Rabs c * norm p A.
Proof.
  apply Rle_antisym; [ apply norm_scal_le | ].
  destruct (Req_dec c 0) as [-> | N].
  - rewrite Rabs_R0, Rmult_0_l. apply norm_nonneg.
  - apply Rmult_le_reg_l with (Rabs (/ c)). apply Rabs_pos_lt, Rinv_neq_0_compat, N.
    rewrite <- Rmult_assoc, <- Rabs_mult, Rinv_l, Rabs_R1, Rmult_1_l by auto.
    replace A with (scal (/ c) (scal c A)) at 1 by (apply ext; intros; unfold scal; field; auto). apply norm_scal_le.
Qed.
Lemma act_add n m (A B : mat n m) v : act (add A B) v = (fun i => act A v i + act B v i).
Proof. extensionality i. unfold act, add. rewrite <- sum_plus. apply sum_ext; intro; ring. Qed.
Lemma dot_plus n (u v w : vec n) : dot u (fun i => v i + w i) = dot u v + dot u w.
Proof. unfold dot. rewrite <- sum_plus. apply sum_ext; intro; ring. Qed.
Lemma sum_minus n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.
Lemma act_lin n m (A : mat n m) a b u v i : act A (fun j => a * u j - b * v j) i = a * act A u i - b * act A v i.
Proof.
  unfold act. rewrite <- !sum_scal, <- sum_minus. apply sum_ext; intro; ring.
Qed.
Lemma act_lin' n m (A : mat n m) a b u v i : act A (fun j => b * u j + a * v j) i = b * act A u i + a * act A v i.
Proof. unfold act. rewrite <- !sum_scal, <- sum_plus. apply sum_ext; intro; ring. Qed.
Lemma norm_columns p n (u v : mat n 1) c : 0 <= c -> (forall i, Rabs (u i one1) <= c * Rabs (v i one1)) -> norm p u <= c * norm p v.
Proof.
  intros Hc H. rewrite !norm_column. rewrite <- (Rabs_pos_eq c) by auto. rewrite <- vnorm_scal. apply vnorm_mono.
  intro i. rewrite Rabs_mult, (Rabs_pos_eq c) by auto. apply H.
Qed.
